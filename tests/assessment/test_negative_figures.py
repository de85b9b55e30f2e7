"""Questions of the bank whose figures are negative wait for their authors."""

import datetime as dt

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.enums import RoleName
from accounts.errors import ReasonMissing
from accounts.models import Center, User
from assessment.errors import NothingNegative, NotItsAuthor
from assessment.models import Attempt, ItemAnalysis, KeptVersion, Question, QuestionVersion
from assessment.queries.first_attempts import Scope
from assessment.queries.negative import negative_for
from assessment.services.bank import change_question, publish_question, submit_question, withdraw_question
from assessment.services.figures import analyze_bank, keep_question, work_on_analysis
from tests.factories.accounts import CenterFactory, staff_member
from tests.factories.assessment import QuizPageFactory, quizzed_cohort
from tests.factories.bank import LABELS, digest_in, drafted, published_by_another
from tests.factories.figures import chosen_paper, figures_in, marked_papers
from tests.factories.regrades import begun

pytestmark = pytest.mark.django_db
WHY = "الصياغة مقصودة"


@pytest.fixture
def center() -> Center:
    return CenterFactory()


@pytest.fixture
def author(center: Center) -> User:
    return staff_member(RoleName.INSTRUCTOR, center)


@pytest.fixture
def question(center: Center, author: User) -> Question:
    return published_by_another(center, author)


def asked_of(
    question: Question, number: int, *, center: Center | None = None, **facts: object
) -> list[Attempt]:
    """Those who know more, by a second question, get it wrong."""
    cohort = quizzed_cohort(QuizPageFactory())
    if center:
        type(cohort).objects.filter(pk=cohort.pk).update(center=center)
        cohort.refresh_from_db()
    rest = QuestionVersion.objects.get(pk=begun(cohort)[0].versions[0])
    versions = [QuestionVersion.objects.get(pk=question.published_id), rest]
    papers = [chosen_paper(versions, [place % 2, 1 - place % 2]) for place in range(number)]
    assert cohort.content_version is not None
    key = cohort.content_version.units[0]["unit"]
    return marked_papers(cohort, key, [one.pk for one in versions], papers, **facts)


def analyzed() -> None:
    for analysis in ItemAnalysis.objects.filter(state="waiting"):
        work_on_analysis(analysis_id=analysis.pk)


def test_what_misleads_waits_for_its_author_after_the_night(center: Center, author: User, question: Question):
    asked_of(question, 32, center=center)

    requested = analyze_bank()
    analyzed()

    assert requested == 1
    (row,) = negative_for(author)
    assert (row, row.n) == (question, 32)
    assert row.discrimination == pytest.approx(-1)
    # There is nothing new to calculate.
    assert analyze_bank() == 0


def test_the_attempts_of_other_centers_say_nothing_to_the_author_of_a_center(
    center: Center, author: User, question: Question
):
    asked_of(question, 32)

    analyze_bank()
    analyzed()

    assert not negative_for(author).exists()


def test_the_ministry_hears_of_its_question_from_all_centers():
    officer = staff_member(RoleName.MINISTRY_OFFICER)
    question = published_by_another(None, officer)
    asked_of(question, 16)
    asked_of(question, 16)

    analyze_bank()
    analyzed()

    assert [row.n for row in negative_for(officer)] == [32]


def test_of_fewer_than_30_first_attempts_nothing_is_calculated(center: Center, question: Question):
    asked_of(question, 29, center=center)

    assert analyze_bank() == 0


def test_attempts_that_were_marked_since_have_it_analyzed_again(center: Center, question: Question):
    asked_of(question, 32, center=center)
    analyze_bank()
    analyzed()
    later = timezone.now() + dt.timedelta(minutes=5)

    asked_of(question, 1, center=center, marked_at=later)

    assert analyze_bank() == 1


def test_it_waits_until_its_author_says_with_a_reason_that_it_stays(author: User, question: Question):
    figures_in(question, -0.31)
    with pytest.raises(ReasonMissing):
        keep_question(question_id=question.pk, reason=" ", by=author)

    kept = keep_question(question_id=question.pk, reason=WHY, by=author)

    assert (kept.discrimination, kept.n, kept.by) == (-0.31, 40, author)
    assert not negative_for(author).exists()
    with pytest.raises(NothingNegative):
        keep_question(question_id=question.pk, reason=WHY, by=author)


def test_it_waits_until_there_is_a_new_version(center: Center, author: User, question: Question):
    figures_in(question, -0.31)
    change_question(question_id=question.pk, draft=drafted("true_false"), labels=LABELS, by=author)
    submit_question(question_id=question.pk, by=author)
    question.refresh_from_db()
    manager = staff_member(RoleName.CENTER_MANAGER, center)

    before = negative_for(author).count()
    publish_question(question_id=question.pk, digest=digest_in(question), by=manager)

    assert (before, negative_for(author).count()) == (1, 0)


def test_it_waits_until_it_is_withdrawn(center: Center, author: User, question: Question):
    figures_in(question, -0.31)
    manager = staff_member(RoleName.CENTER_MANAGER, center)

    withdraw_question(question_id=question.pk, reason=WHY, by=manager)

    assert not negative_for(author).exists()


def test_only_its_author_says_that_it_stays(client: Client, center: Center, question: Question):
    figures_in(question, -0.31)
    colleague = staff_member(RoleName.INSTRUCTOR, center)
    client.force_login(colleague)

    with pytest.raises(NotItsAuthor):
        keep_question(question_id=question.pk, reason=WHY, by=colleague)
    client.post(reverse("bank:keep", args=[question.pk]), {"reason": WHY})

    assert not KeptVersion.objects.exists()


def test_why_a_question_stays_is_kept(author: User, question: Question):
    figures_in(question, -0.31)
    kept = keep_question(question_id=question.pk, reason=WHY, by=author)

    with pytest.raises(DatabaseError), transaction.atomic():
        KeptVersion.objects.filter(pk=kept.pk).update(reason="x")
    with pytest.raises(DatabaseError), transaction.atomic():
        kept.delete()


def test_the_page_of_the_question_says_so_and_leads_on(client: Client, author: User, question: Question):
    figures_in(question, -0.31)
    client.force_login(author)

    html = client.get(reverse("bank:inspect", args=[question.pk])).content.decode()

    assert "-0.31" in html
    assert reverse("bank:keep", args=[question.pk]) in html
    assert reverse("bank:figures", args=[question.pk]) in html


def test_an_analysis_is_one_row_for_each_scope(question: Question):
    scope = Scope(question=question.pk, center=question.owner_id)
    figures_in(question, -0.31)

    assert ItemAnalysis.objects.filter(question=question).count() == 1
    assert Scope.of(ItemAnalysis.objects.get()) == scope
