"""The pages with the figures of questions: who reads them, of how many attempts, and what follows from a wrong key."""

import csv
import io
import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.enums import RoleName
from accounts.models import AuditedModelLogEntry, Center, User
from assessment.models import ItemAnalysis, QuestionVersion, QuizPage
from assessment.queries import figures as figures_module
from assessment.queries.first_attempts import Scope
from assessment.services.figures import request_analysis, work_on_analysis
from courses.models import Cohort
from tests.factories.accounts import CenterFactory, staff_member
from tests.factories.assessment import QuizPageFactory, quizzed_cohort, single
from tests.factories.bank import published_in
from tests.factories.figures import chosen_paper, marked_papers, planted_places
from tests.factories.regrades import begun, officer

pytestmark = pytest.mark.django_db
SLOTS = 4


@pytest.fixture
def quiz() -> QuizPage:
    return QuizPageFactory(questions=[single(f"سؤال رقم {number}") for number in range(SLOTS)])


@pytest.fixture
def cohort(quiz: QuizPage) -> Cohort:
    return quizzed_cohort(quiz)


@pytest.fixture
def versions(cohort: Cohort) -> list[QuestionVersion]:
    attempt, _trainee = begun(cohort)
    found = QuestionVersion.objects.in_bulk(attempt.versions)
    return [found[key] for key in attempt.versions]


def planted(
    cohort: Cohort, quiz: QuizPage, versions: list[QuestionVersion], number: int = 33, **facts: Any
) -> None:
    """With a wrong key of the third question."""
    papers = [chosen_paper(versions, places) for places in planted_places(number, wrong=2, slots=SLOTS)]
    marked_papers(cohort, quiz.translation_key, [one.pk for one in versions], papers, **facts)


def address(cohort: Cohort, quiz: QuizPage, **asked: str) -> str:
    query = "".join(f"&{name}={value}" for name, value in asked.items())
    return f"{reverse('test_figures', args=[cohort.pk])}?test={quiz.translation_key}{query}"


def html_of(client: Client, url: str, user: User) -> str:
    client.force_login(user)
    answer = client.get(url)
    assert answer.status_code == 200
    return answer.content.decode()


def asked_of(html: str) -> set[str]:
    """How many first attempts the questions of the page were asked in."""
    return set(re.findall(r"<dt>المحاولات الأولى</dt><dd>(\d+)</dd>", html))


def test_a_planted_wrong_key_shows_as_negative_and_leads_the_ministry_to_its_correction(
    client: Client, cohort: Cohort, quiz: QuizPage, versions: list[QuestionVersion]
):
    planted(cohort, quiz, versions)

    html = html_of(client, address(cohort, quiz), officer())

    assert html.count("figures__flag") == 1
    flagged = html.partition("figures__flag")[0].rpartition('id="version-')[2]
    assert flagged.startswith(f"{versions[2].pk}")
    correct = reverse("regrade:propose", args=[versions[2].pk])
    assert correct in html
    assert "figures__misleads" in html
    assert client.get(correct).status_code == 200


def test_under_30_first_attempts_there_are_no_figures(
    client: Client, cohort: Cohort, quiz: QuizPage, versions: list[QuestionVersion]
):
    planted(cohort, quiz, versions, number=29)
    manager = staff_member(RoleName.CENTER_MANAGER, cohort.center)

    html = html_of(client, address(cohort, quiz), manager)
    file = client.get(address(cohort, quiz, export="csv"))

    assert "29" in html
    assert "figures__numbers" not in html
    assert versions[0].content["text"]["ar"] not in html
    assert versions[0].content["text"]["ar"] not in file.content.decode()


def test_a_center_sees_the_figures_of_its_own_attempts_and_the_ministry_those_of_all(
    client: Client, cohort: Cohort, quiz: QuizPage, versions: list[QuestionVersion]
):
    planted(cohort, quiz, versions)
    elsewhere = quizzed_cohort(quiz, asks=None)
    planted(elsewhere, quiz, versions, number=31)
    manager = staff_member(RoleName.CENTER_MANAGER, cohort.center)

    own = html_of(client, address(cohort, quiz, of="program"), manager)
    all_of_them = html_of(client, address(cohort, quiz, of="program"), officer())

    assert (asked_of(own), asked_of(all_of_them)) == ({"33"}, {"64"})


@pytest.mark.parametrize(
    "role", [RoleName.REGISTRAR, RoleName.AUDITOR, RoleName.INSPECTOR, RoleName.CERTIFYING_OFFICER]
)
def test_who_reads_no_keys_there_finds_no_figures(
    client: Client, cohort: Cohort, quiz: QuizPage, role: RoleName
):
    client.force_login(staff_member(role, cohort.center if role == RoleName.REGISTRAR else None))

    assert client.get(address(cohort, quiz)).status_code == 404
    assert "test_figures" not in client.get(reverse("cohort:tests", args=[cohort.pk])).content.decode()


def test_people_of_another_center_find_no_page(client: Client, cohort: Cohort, quiz: QuizPage):
    client.force_login(staff_member(RoleName.CENTER_MANAGER, CenterFactory()))

    assert client.get(address(cohort, quiz)).status_code == 404


def test_the_tab_leads_to_the_figures_once_somebody_took_the_test(
    client: Client, cohort: Cohort, quiz: QuizPage, versions: list[QuestionVersion]
):
    assessor = staff_member(RoleName.ASSESSOR, cohort.center)
    tab = reverse("cohort:tests", args=[cohort.pk])

    before = html_of(client, tab, assessor)
    planted(cohort, quiz, versions, number=1)
    after = html_of(client, tab, assessor)

    assert address(cohort, quiz) not in before
    assert address(cohort, quiz) in after


def test_the_file_has_a_line_for_each_answer_and_no_formula(
    client: Client, cohort: Cohort, quiz: QuizPage, versions: list[QuestionVersion]
):
    quiz.questions = [single("=HYPERLINK(1)"), single("ثانٍ")]
    quiz.save_revision().publish()
    hostile = quizzed_cohort(quiz, asks=None)
    attempt, _trainee = begun(hostile)
    found = [QuestionVersion.objects.get(pk=key) for key in attempt.versions]
    papers = [chosen_paper(found, [place % 2, 0]) for place in range(30)]
    marked_papers(hostile, quiz.translation_key, attempt.versions, papers)
    client.force_login(staff_member(RoleName.CENTER_MANAGER, hostile.center))

    file = client.get(address(hostile, quiz, export="csv"))

    lines = list(csv.DictReader(io.StringIO(b"".join(file).decode("utf-8-sig"))))
    texts = [list(line.values())[2] for line in lines]
    assert texts == ["'=HYPERLINK(1)"] * 2 + ["ثانٍ"]
    assert [list(line.values())[3] for line in lines] == ["30"] * 3
    assert AuditedModelLogEntry.objects.filter(action="accounts.list.export").count() == 1


@pytest.mark.parametrize("number", [1, 3])
def test_the_page_asks_the_database_as_often_for_three_questions_as_for_one(client: Client, number: int):
    quiz = QuizPageFactory(questions=[single(f"سؤال {place}") for place in range(number)])
    cohort = quizzed_cohort(quiz)
    attempt, _trainee = begun(cohort)
    versions = [QuestionVersion.objects.get(pk=key) for key in attempt.versions]
    papers = [chosen_paper(versions, [(place + slot) % 2 for slot in range(number)]) for place in range(30)]
    marked_papers(cohort, quiz.translation_key, attempt.versions, papers)
    client.force_login(staff_member(RoleName.CENTER_MANAGER, cohort.center))
    client.get(address(cohort, quiz))

    with CaptureQueriesContext(connection) as asked:
        html = client.get(address(cohort, quiz)).content.decode()

    assert html.count('class="figures__question"') == number + 1
    assert len(asked) == 22


def test_too_many_attempts_for_a_request_are_analyzed_by_a_job_and_kept(
    client: Client,
    cohort: Cohort,
    quiz: QuizPage,
    versions: list[QuestionVersion],
    monkeypatch: pytest.MonkeyPatch,
):
    planted(cohort, quiz, versions)
    at_once = html_of(client, address(cohort, quiz), officer())
    monkeypatch.setattr(figures_module, "MOST_AT_ONCE", 30)

    waiting = html_of(client, address(cohort, quiz), officer())
    client.post(address(cohort, quiz))
    analysis = ItemAnalysis.objects.get()
    work_on_analysis(analysis_id=analysis.pk)
    kept = html_of(client, address(cohort, quiz), officer())

    assert "figures__numbers" not in waiting
    assert Scope.of(analysis) == Scope(quiz_key=quiz.translation_key, cohort=cohort.pk)
    parts = [html.partition('class="figures__question"')[2] for html in (at_once, kept)]
    assert parts[0] == parts[1]


def test_what_was_marked_since_makes_kept_figures_old_and_they_are_calculated_again_in_one_row(
    client: Client,
    cohort: Cohort,
    quiz: QuizPage,
    versions: list[QuestionVersion],
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(figures_module, "MOST_AT_ONCE", 30)
    planted(cohort, quiz, versions)
    scope = Scope(quiz_key=quiz.translation_key, cohort=cohort.pk)
    first = work_on_analysis(analysis_id=request_analysis(scope).pk)
    assert first is not None
    fresh = html_of(client, address(cohort, quiz), officer())

    planted(cohort, quiz, versions, number=31, marked_at=first.finished_at)
    old = html_of(client, address(cohort, quiz), officer())
    second = work_on_analysis(analysis_id=request_analysis(scope).pk)

    assert second is not None
    assert ("<form method" in fresh.partition("figures__")[0], 'class="w-mb-4"' in old) == (False, True)
    assert (second.pk, second.first_attempts, second.items.count()) == (first.pk, 64, SLOTS)


def test_a_question_of_the_bank_shows_its_figures_by_version_to_the_centers_that_asked_it(client: Client):
    question = published_in(None)
    assert question.published is not None
    one, other, third = (quizzed_cohort(QuizPageFactory()) for _number in range(3))
    rest = QuestionVersion.objects.get(pk=begun(one)[0].versions[0])
    asked = [question.published, rest]
    for cohort, number in ((one, 31), (other, 30), (third, 2)):
        assert cohort.content_version is not None
        key = cohort.content_version.units[0]["unit"]
        papers = [chosen_paper(asked, [place % 2, place % 3 % 2]) for place in range(number)]
        marked_papers(cohort, key, [version.pk for version in asked], papers)
    page = reverse("bank:figures", args=[question.pk])

    def manager(center: Center) -> User:
        return staff_member(RoleName.CENTER_MANAGER, center)

    assert "63 " in html_of(client, page, officer())
    assert "31 " in html_of(client, page, manager(one.center))
    assert "figures__numbers" not in html_of(client, page, manager(third.center))
