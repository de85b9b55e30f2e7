"""The life of a question of the bank, and what may be asked of it."""

import pytest
from django.db import IntegrityError, transaction

from accounts.enums import Act, RoleName
from accounts.errors import ReasonMissing
from accounts.models import Center
from accounts.roles import ROLES
from accounts.scoping.audit import trail_of
from assessment.enums import QuestionState
from assessment.errors import (
    ChangedMeanwhile,
    NotADraftQuestion,
    NothingToDiscard,
    QuestionUnderReview,
    QuestionWithdrawn,
    WrittenByYou,
)
from assessment.models import Question
from assessment.queries.bank import (
    attempts_asking,
    bank_of,
    draft_of,
    pool_of,
    reviews_waiting_for,
    searched,
    sent_back_to,
    usable_by,
)
from assessment.services.bank import (
    Labels,
    change_question,
    discard_draft,
    publish_question,
    reinstate_question,
    send_back_question,
    submit_question,
    take_back_question,
    withdraw_question,
)
from courses.queries.occupations import occupation_title
from tests.factories.accounts import CenterFactory, MembershipFactory, deputy_for, staff_member
from tests.factories.bank import LABELS, both, digest_in, drafted, in_review, published_in, question_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def center() -> Center:
    return CenterFactory()


def reworded(question: Question, text: str = "ما الخطوة الأولى؟") -> Question:
    draft = drafted(text=both(text, "What is the first step?"))
    return change_question(question_id=question.pk, draft=draft, labels=LABELS, by=question.author)


def test_another_person_publishes_a_question(center: Center) -> None:
    question = in_review(center)
    manager = staff_member(RoleName.CENTER_MANAGER, center)

    published = publish_question(question_id=question.pk, digest=digest_in(question), by=manager)

    assert published.state == QuestionState.PUBLISHED
    assert published.published_by == manager
    assert published.published.content["text"]["en"] == "What comes first?"
    assert usable_by(center).get() == question


def test_who_wrote_a_question_does_not_publish_it(center: Center) -> None:
    manager = staff_member(RoleName.CENTER_MANAGER, center)
    question = in_review(center, by=manager)

    with pytest.raises(WrittenByYou):
        publish_question(question_id=question.pk, digest=digest_in(question), by=manager)
    with pytest.raises(WrittenByYou):
        send_back_question(question_id=question.pk, reason="لا", by=manager)


def test_who_changed_it_last_does_not_publish_it(center: Center) -> None:
    question = question_in(center)
    manager = staff_member(RoleName.CENTER_MANAGER, center)
    change_question(question_id=question.pk, draft=drafted("true_false"), labels=LABELS, by=manager)
    question = submit_question(question_id=question.pk, by=question.author)

    with pytest.raises(WrittenByYou):
        publish_question(question_id=question.pk, digest=digest_in(question), by=manager)


def test_a_deputy_of_the_author_does_not_publish_it(center: Center) -> None:
    lent = MembershipFactory(role=RoleName.CENTER_MANAGER, center=center)
    question = in_review(center, by=lent.user)

    with pytest.raises(WrittenByYou):
        publish_question(question_id=question.pk, digest=digest_in(question), by=deputy_for(lent).user)


def test_the_database_refuses_an_author_who_publishes(center: Center) -> None:
    question = published_in(center)

    with pytest.raises(IntegrityError, match="published_by_another"), transaction.atomic():
        Question.objects.filter(pk=question.pk).update(published_by=question.author)


def test_what_changed_after_it_was_read_is_not_published(center: Center) -> None:
    question = in_review(center)
    read = digest_in(question)
    take_back_question(question_id=question.pk, by=question.author)
    reworded(question)
    submit_question(question_id=question.pk, by=question.author)

    with pytest.raises(ChangedMeanwhile):
        publish_question(
            question_id=question.pk, digest=read, by=staff_member(RoleName.CENTER_MANAGER, center)
        )


def test_a_question_under_review_is_not_changed(center: Center) -> None:
    question = in_review(center)

    with pytest.raises(QuestionUnderReview):
        reworded(question)


def test_a_published_question_stays_in_force_while_it_is_rewritten(center: Center) -> None:
    question = published_in(center)
    before = question.published

    changed = reworded(question)

    assert changed.state == QuestionState.DRAFT
    assert usable_by(center).get().published == before


def test_a_new_version_takes_the_place_of_the_old_one_which_stays(center: Center) -> None:
    question = published_in(center)
    before = question.published
    question = reworded(question)
    submit_question(question_id=question.pk, by=question.author)
    manager = staff_member(RoleName.CENTER_MANAGER, center)

    question = publish_question(question_id=question.pk, digest=digest_in(question), by=manager)

    assert question.published != before
    assert set(question.versions.all()) == {before, question.published}
    assert searched(Question.objects.all(), "الخطوة").get() == question


def test_labels_hold_at_once_and_leave_the_question_published(center: Center) -> None:
    question = published_in(center)
    labels = LABELS._replace(tags=["أرضي", " أرضي "], difficulty=5)

    changed = change_question(
        question_id=question.pk, draft=draft_of(question), labels=labels, by=question.author
    )

    assert changed.state == QuestionState.PUBLISHED
    assert changed.tags == ["أرضي"]


def test_a_draft_beside_a_version_is_discarded(center: Center) -> None:
    question = reworded(published_in(center))

    kept = discard_draft(question_id=question.pk, by=question.author)

    assert kept.state == QuestionState.PUBLISHED
    assert kept.draft["content"] == kept.published.content
    with pytest.raises(NothingToDiscard):
        discard_draft(question_id=question.pk, by=question.author)
    with pytest.raises(NotADraftQuestion):
        submit_question(question_id=question.pk, by=question.author)


def test_a_question_comes_back_with_what_to_change(center: Center) -> None:
    question = in_review(center)
    assessor = staff_member(RoleName.ASSESSOR, center)

    with pytest.raises(ReasonMissing):
        send_back_question(question_id=question.pk, reason=" ", by=assessor)
    send_back_question(question_id=question.pk, reason="الخيار الثالث ملتبس", by=assessor)

    assert sent_back_to(question.author).get().sent_back == "الخيار الثالث ملتبس"
    reworded(question)
    assert not sent_back_to(question.author).exists()


def test_a_withdrawn_question_is_not_drawn_and_comes_back(center: Center) -> None:
    question = published_in(center)
    manager = staff_member(RoleName.CENTER_MANAGER, center)

    withdraw_question(question_id=question.pk, reason="خطأ في المفتاح", by=manager)

    assert not usable_by(center).exists()
    with pytest.raises(QuestionWithdrawn):
        reworded(question)
    reinstate_question(question_id=question.pk, by=manager)
    assert usable_by(center).get().state == QuestionState.PUBLISHED


def test_a_draft_that_was_withdrawn_comes_back_as_a_draft(center: Center) -> None:
    question = reworded(published_in(center))
    manager = staff_member(RoleName.CENTER_MANAGER, center)
    withdraw_question(question_id=question.pk, reason="خطأ", by=manager)

    assert reinstate_question(question_id=question.pk, by=manager).state == QuestionState.DRAFT


def test_centers_ask_their_own_questions_and_those_of_the_ministry(center: Center) -> None:
    own, of_all = published_in(center), published_in(None)
    published_in(CenterFactory())
    question_in(center)

    assert set(usable_by(center)) == {own, of_all}
    assert set(usable_by(None)) == {of_all}


def test_a_pool_has_all_the_tags_and_the_difficulty(center: Center) -> None:
    both_tags = published_in(center, labels=Labels(tags=["سلامة", "لوحات"], difficulty=2))
    published_in(center, labels=Labels(tags=["سلامة"], difficulty=2))
    published_in(center, labels=Labels(tags=["سلامة", "لوحات"], difficulty=4))

    assert list(pool_of(center, tags=["سلامة", "لوحات"], difficulty=2)) == [both_tags]
    assert pool_of(center, tags=["سلامة"], difficulty=None).count() == 3


def test_the_bank_of_a_center_has_what_the_ministry_published_and_no_draft_of_it(center: Center) -> None:
    own, of_all = question_in(center), published_in(None)
    question_in(None)
    question_in(CenterFactory())

    assert set(bank_of(staff_member(RoleName.INSTRUCTOR, center))) == {own, of_all}
    assert not bank_of(staff_member(RoleName.REGISTRAR, center)).exists()
    assert bank_of(staff_member(RoleName.MINISTRY_OFFICER)).count() == 4


@pytest.mark.parametrize("typed", ["خطوه", "الخطوة", "أول خط", "FIRST", "سلامه", "يعزل"])
def test_words_are_found_in_any_spelling(center: Center, typed: str) -> None:
    question = question_in(center)

    assert searched(Question.objects.all(), typed).get() == question


@pytest.mark.parametrize("typed", ["لوحات", "first & second", "first'); DROP", "irst"])
def test_other_words_find_nothing(center: Center, typed: str) -> None:
    question_in(center)

    assert not searched(Question.objects.all(), typed).exists()


def test_words_of_a_draft_are_found_only_when_they_are_in_force(center: Center) -> None:
    question = published_in(center)
    reworded(question, "ما المرحلة الأولى؟")

    assert not searched(Question.objects.all(), "المرحلة").exists()


def test_a_review_waits_for_those_who_wrote_none_of_it(center: Center) -> None:
    author = staff_member(RoleName.CENTER_MANAGER, center)
    question = in_review(center, by=author)
    ministry = staff_member(RoleName.MINISTRY_OFFICER)

    assert not reviews_waiting_for(author).exists()
    assert reviews_waiting_for(ministry).get() == question
    assessor = staff_member(RoleName.ASSESSOR, center)
    assert reviews_waiting_for(assessor).get() == question
    assert not reviews_waiting_for(ministry).exists()


def test_who_writes_questions_reads_them_and_so_does_who_publishes() -> None:
    for role in ROLES.values():
        if role.acts & {Act.WRITE_QUESTIONS, Act.PUBLISH_QUESTIONS}:
            assert Act.VIEW_QUESTIONS in role.acts


def test_the_trail_has_every_act_and_no_word_of_the_question(center: Center) -> None:
    question = in_review(center)
    manager = staff_member(RoleName.CENTER_MANAGER, center)
    publish_question(question_id=question.pk, digest=digest_in(question), by=manager)

    trail = trail_of(question, user=staff_member(RoleName.AUDITOR)) or []

    assert len(trail) == 3
    assert all("خطوة" not in f"{item.row} {item.details}" for item in trail)


def test_the_trail_names_versions_and_occupations_and_not_their_keys(center: Center) -> None:
    published_in(center)
    question = in_review(center)
    manager = staff_member(RoleName.CENTER_MANAGER, center)
    publish_question(question_id=question.pk, digest=digest_in(question), by=manager)
    labels = Labels(tags=("سلامة",), difficulty=2, competence="", occupation="7212")
    question.refresh_from_db()
    change_question(question_id=question.pk, draft=draft_of(question), labels=labels, by=manager)

    trail = trail_of(question, user=staff_member(RoleName.AUDITOR)) or []

    details = " ".join(item.details for item in trail)
    assert "رقم الإصدار: 1" in details.replace("١", "1")
    assert "7212" not in details
    assert occupation_title("7212") in details


def test_no_question_changes_its_owner_or_goes_away(center: Center) -> None:
    question = question_in(center)

    for change in (
        lambda: Question.objects.filter(pk=question.pk).update(owner=None),
        lambda: Question.objects.filter(pk=question.pk).update(
            quiz_key="00000000-0000-0000-0000-000000000001"
        ),
        lambda: Question.objects.filter(pk=question.pk).delete(),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


def test_attempts_are_found_by_the_versions_they_asked(center: Center) -> None:
    assert attempts_asking([published_in(center).published]).count() == 0
