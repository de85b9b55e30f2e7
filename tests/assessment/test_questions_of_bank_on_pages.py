"""Single questions of the bank on quiz pages."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import ReferenceIndex

from accounts.enums import RoleName
from accounts.services.content import assign_content
from assessment.blocks import QuestionBlocks
from assessment.errors import NotToBeAsked, QuizHasNoQuestions
from assessment.models import Question, QuizPage
from assessment.queries.bank_use import pages_asking
from assessment.services.bank import withdraw_question
from courses.models import Cohort
from courses.queries.outline import unit_address
from tests.assessment.test_drawing import asked, bank, begin, draw
from tests.assessment.test_quiz_page import logged_in
from tests.factories.accounts import CenterFactory, TraineeFactory, staff_member
from tests.factories.assessment import QuizPageFactory, board, hotspot, quizzed_cohort, single
from tests.factories.bank import drafted, published_in
from tests.factories.courses import EnrollmentFactory
from tests.factories.media_pipeline import published_video
from tests.factories.pages import site_of

pytestmark = pytest.mark.django_db


def of_bank(question: Question | int, *, points: int = 1) -> tuple[str, dict[str, Any]]:
    row = question if isinstance(question, Question) else Question.objects.get(pk=question)
    return "of_bank", {"question": row, "points": points}


def withdrawn(question: Question) -> Question:
    officer = staff_member(RoleName.MINISTRY_OFFICER)
    return withdraw_question(question_id=question.pk, reason="خطأ", by=officer)


def test_a_page_asks_a_question_of_the_bank_of_everybody_as_it_is_in_force():
    named = published_in(None)
    quiz = QuizPageFactory(questions=[single(), of_bank(named, points=4)])
    cohort = quizzed_cohort(quiz)

    papers = [begin(quiz, cohort)[0] for _person in range(2)]

    assert [asked(paper)[1] for paper in papers] == [named.pk, named.pk]
    assert [paper.points for paper in papers] == [[1, 4], [1, 4]]
    assert papers[0].versions[1] == named.published_id
    assert quiz.question_count == 2


def test_a_draw_never_takes_a_question_that_the_page_asks_by_itself():
    pool = bank(3)
    quiz = QuizPageFactory(questions=[draw(2), of_bank(pool[0])])

    attempt, _trainee = begin(quiz, quizzed_cohort(quiz))

    drawn = asked(attempt)
    assert drawn[2] == pool[0]
    assert set(drawn[:2]) == set(pool[1:])


def test_a_question_that_was_withdrawn_since_is_left_out_at_the_start():
    named, other = published_in(None), published_in(None, drafted("true_false"))
    quiz = QuizPageFactory(questions=[of_bank(named), of_bank(other)])
    cohort = quizzed_cohort(quiz)
    withdrawn(named)

    attempt, _trainee = begin(quiz, cohort)

    assert asked(attempt) == [other.pk]


def test_a_page_with_nothing_left_to_ask_starts_nothing():
    named = published_in(None)
    quiz = QuizPageFactory(questions=[of_bank(named)])
    cohort = quizzed_cohort(quiz)
    withdrawn(named)

    with pytest.raises(QuizHasNoQuestions):
        begin(quiz, cohort)


def test_a_cohort_of_another_center_is_not_asked_a_question_of_a_center():
    owner = CenterFactory()
    named, shared = published_in(owner), published_in(None, drafted("true_false"))
    quiz = QuizPageFactory(questions=[of_bank(named), of_bank(shared)])
    ours, theirs = quizzed_cohort(quiz), quizzed_cohort(quiz, asks=None)
    Cohort.objects.filter(pk=ours.pk).update(center=owner)

    assert asked(begin(quiz, ours)[0]) == [named.pk, shared.pk]
    assert asked(begin(quiz, theirs)[0]) == [shared.pk]


def test_a_page_that_asks_what_is_withdrawn_is_not_published():
    named = published_in(None)
    quiz = QuizPageFactory(questions=[of_bank(named)])
    quiz.check_publishing()
    withdrawn(named)

    with pytest.raises(NotToBeAsked) as refused:
        QuizPage.objects.get(pk=quiz.pk).check_publishing()

    assert str(named.pk) in str(refused.value)


def test_a_page_asks_questions_of_its_own_center_and_of_the_ministry_alone():
    owner = CenterFactory()
    named = published_in(owner)
    quiz = QuizPageFactory(questions=[of_bank(named)])

    with pytest.raises(NotToBeAsked):
        quiz.check_publishing()
    ministry = staff_member(RoleName.MINISTRY_OFFICER)
    assign_content(page_id=quiz.get_parent().get_parent().pk, center=owner, by=ministry)

    quiz.check_publishing()


def test_a_question_is_asked_once_on_a_page():
    named, blocks = published_in(None), QuestionBlocks()
    once = {"type": "of_bank", "value": {"question": named.pk, "points": 1}}
    blocks.clean(blocks.to_python([once]))

    with pytest.raises(ValidationError):
        blocks.clean(blocks.to_python([once, once]))


def test_a_draft_is_saved_before_a_question_and_a_picture_are_chosen():
    blocks = QuestionBlocks()
    kind, places = hotspot()
    unfinished = [
        {"type": "of_bank", "value": {"question": None, "points": 1}},
        {"type": kind, "value": {**places, "picture": None}},
    ]

    # The blocks of a kind are the same for all streams.
    blocks.defer_required_validation()
    try:
        cleaned = blocks.clean(blocks.to_python(unfinished))
    finally:
        blocks.restore_deferred_validation()

    assert [block.value.get("question") or block.value.get("picture") for block in cleaned] == [None, None]


def test_the_page_of_a_question_lists_the_tests_that_ask_it_by_themselves():
    named = published_in(None)
    quiz = QuizPageFactory(questions=[of_bank(named)], title="اختبار اللوحات")
    ReferenceIndex.create_or_update_for_object(quiz)
    draft = QuizPageFactory(questions=[single()], title="مسودة")
    draft.questions = [of_bank(named)]
    draft.save_revision()
    reader = staff_member(RoleName.MINISTRY_OFFICER)

    shown = pages_asking(named, reader)

    assert [one.title for one in shown] == [quiz.title, draft.title]
    assert quiz.title in logged_in(reader).get(reverse("bank:inspect", args=[named.pk])).text
    assert quiz.title in logged_in(reader).get(reverse("bank:withdraw", args=[named.pk])).text
    assert pages_asking(published_in(None, drafted("true_false")), reader) == []


def test_pages_of_other_centers_are_not_named():
    named = published_in(None)
    quiz = QuizPageFactory(questions=[of_bank(named)])
    ReferenceIndex.create_or_update_for_object(quiz)
    ministry = staff_member(RoleName.MINISTRY_OFFICER)
    assign_content(page_id=quiz.get_parent().get_parent().pk, center=CenterFactory(), by=ministry)

    assert pages_asking(named, staff_member(RoleName.INSTRUCTOR, CenterFactory())) == []
    assert len(pages_asking(named, ministry)) == 1


def test_the_editor_shows_the_question_and_the_preview_no_key():
    named = published_in(None)
    quiz = QuizPageFactory(questions=[of_bank(named)])
    author = staff_member(RoleName.MINISTRY_OFFICER)

    page = logged_in(author).get(reverse("wagtailadmin_pages:edit", args=[quiz.pk]))
    shown = str(quiz.questions)

    assert page.status_code == 200
    assert named.published.content["text"]["ar"] in shown
    assert named.published.key["explanation"]["ar"] not in shown


def test_a_form_takes_nothing_of_another_center():
    center = CenterFactory()
    author = staff_member(RoleName.INSTRUCTOR, center)
    quiz = QuizPageFactory(questions=[single()])
    form = quiz.get_edit_handler().get_form_class()(instance=quiz, for_user=author)
    own, others = published_video(center=center), published_video()

    assert form._may_choose(own)
    assert not form._may_choose(others)
    assert not form._may_choose(board(CenterFactory()))
    assert form._may_choose(published_in(None))
    assert not form._may_choose(published_in(CenterFactory()))


def test_the_page_of_a_test_costs_as_much_for_three_questions_of_the_bank_as_for_one(client: Client):
    statements = []
    for number in (1, 1, 3):
        essays = [published_in(None, drafted("essay")) for _question in range(number)]
        quiz = QuizPageFactory(questions=[of_bank(one) for one in essays])
        site_of(quiz.get_ancestors().get(depth=2))
        enrollment = EnrollmentFactory(cohort=quizzed_cohort(quiz))
        client.force_login(TraineeFactory(person=enrollment.person))
        with CaptureQueriesContext(connection) as asked_for:
            page = client.get(unit_address(enrollment, quiz.translation_key))
        assert page.context["is_by_hand"]
        statements.append(len(asked_for))

    # The first one pays for what a process remembers.
    assert statements[1] == statements[2]
