"""The pages on which answers are marked and decided, and the lists of what was."""

import datetime as dt
import json
from decimal import Decimal
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.enums import RoleName
from accounts.models import Center, User
from assessment.enums import MarkingState, MarkRound
from assessment.models import Attempt, Mark, MarkingTask
from assessment.services.marks import Given, give_mark
from tests.assessment.marking_pages import logged_in, opens, posted
from tests.factories.accounts import CenterFactory
from tests.factories.marking import (
    BEST,
    EIGHT,
    FILES_BEST,
    FILES_WORST,
    SIX,
    essay_cohort,
    essay_version,
    far_apart,
    files_opened,
    marked,
    marker,
    quiz_taught,
    task_of,
    written,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def center() -> Center:
    row: Center = CenterFactory()
    return row


def test_five_answers_to_one_question_are_marked_one_after_the_other(center: Center):
    cohort = essay_cohort(center)
    version = essay_version(quiz_taught(cohort))
    for _person in range(5):
        written(cohort, version)
    client = logged_in(marker(center))

    address, seen = opens(client, version.pk), []
    while address != reverse("marking"):
        seen.append(address)
        answer = client.post(address, posted(EIGHT))
        assert answer.status_code == 302
        address = urlsplit(answer["Location"]).path

    assert len(set(seen)) == 5
    assert set(Attempt.objects.values_list("score", flat=True)) == {80}


def test_the_queue_takes_as_many_statements_for_three_questions_as_for_one(center: Center):
    cohort = essay_cohort(center)
    client = logged_in(marker(center))

    def statements(questions: int) -> int:
        for _question in range(questions):
            written(cohort, essay_version(quiz_taught(cohort)))
        client.get(reverse("marking"))
        with CaptureQueriesContext(connection) as queries:
            page = client.get(reverse("marking"))
        assert page.status_code == 200
        return len(queries)

    assert statements(1) == statements(2)


def test_the_list_of_own_marks_takes_as_many_statements_for_three_as_for_one(center: Center):
    cohort = essay_cohort(center)
    user = marker(center)
    client = logged_in(user)

    def statements(answers: int) -> int:
        for _answer in range(answers):
            marked(task_of(written(cohort, essay_version(quiz_taught(cohort)))), user)
        client.get(reverse("marking_mine"))
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("marking_mine"))
        return len(queries)

    assert statements(1) == statements(2)


def test_a_decision_is_asked_about_once_before_it_counts(center: Center):
    task = far_apart(center)
    client = logged_in(marker(center, RoleName.CENTER_MANAGER))
    address = opens(client, task.version_id, decides=True)

    before = client.get(address)
    refused = client.post(address, posted(SIX))
    client.post(address, posted(SIX, is_final="on"))

    assert "is_final" in before.text
    assert "is_final" in refused.context["form"].errors
    task.attempt.refresh_from_db()
    assert task.attempt.score == 60


def test_where_the_rubric_has_other_points_than_the_question_the_page_says_so(center: Center):
    attempt = written(essay_cohort(center), points=20)
    client = logged_in(marker(center))

    page = client.get(opens(client, attempt.versions[0]))
    same = written(essay_cohort(center))
    plain = client.get(opens(client, same.versions[0]))

    assert (page.context["rubric_most"], page.context["most"]) == (10, 20)
    assert "data-sum" in page.text
    assert "data-sum" not in plain.text


def test_own_decisions_are_a_list_with_a_filter(center: Center):
    manager = marker(center, RoleName.CENTER_MANAGER)
    client = logged_in(manager)
    tasks = [far_apart(center) for _test in range(2)]
    for task in tasks:
        client.post(opens(client, task.version_id, decides=True), posted(SIX, is_final="on"))
    address = reverse("marking_decided")
    quiz = tasks[0].attempt.quiz_key

    whole_list = client.get(address)
    of_one = client.get(address, {"test": str(quiz)})
    still_open = client.get(address, {"state": "open"})
    nonsense = client.get(address, {"test": "none", "state": "none", "p": "x"})
    assessor = logged_in(marker(center))

    assert len(whole_list.context["lines"]) == 2
    assert [one["mark"].task.pk for one in of_one.context["lines"]] == [tasks[0].pk]
    assert still_open.context["lines"] == []
    assert len(nonsense.context["lines"]) == 2
    assert assessor.get(address).context["lines"] == []
    assert logged_in(marker(center, RoleName.INSTRUCTOR)).get(address).status_code == 404


def test_both_marks_show_their_comments_by_number_and_the_trainee_reads_those_that_count(center: Center):
    user, task, file = files_opened(center)
    MarkingTask.objects.update(is_second_wanted=True)
    place = {"file": str(file.public_id), "page": 1, "y": 250}
    one, other = [{**place, "x": 500, "text": "شد البرغي."}], [{**place, "x": 10, "text": "انظر هنا."}]
    address = reverse("marking_answer", args=[task.code])
    logged_in(user).post(address, posted(FILES_BEST, points=json.dumps(one)))
    second = logged_in(marker(center))
    second.post(opens(second, task.version_id), posted(FILES_WORST, points=json.dumps(other)))
    client = logged_in(marker(center, RoleName.CENTER_MANAGER))

    decision = opens(client, task.version_id, decides=True)
    page = client.get(decision)
    client.post(decision, posted(FILES_BEST, points=json.dumps(one), is_final="on"))
    trainee = logged_in(User.objects.get(person=task.attempt.enrollment.person))
    result = trainee.get(reverse("assessment:attempt", args=[task.attempt.public_id]))

    assert [(pin.number, pin.x) for mark in page.context["both"] for pin in mark.pins] == [
        (1, "50%"),
        (2, "1%"),
    ]
    assert page.text.count('class="pins__pin"') == 2
    assert 'data-first-number="3"' in page.text
    assert result.text.count('class="pins__pin"') == 1
    assert "شد البرغي." in result.text
    assert "انظر هنا." not in result.text


def test_points_are_typed_in_digits_of_either_kind(center: Center):
    cohort = essay_cohort(center)
    attempt = written(cohort, essay_version(quiz_taught(cohort), rubric=None))
    client = logged_in(marker(center))
    address = opens(client, attempt.versions[0])

    refused = client.post(address, {"earned": "١١"})
    client.post(address, {"earned": "٧٫٢٥"})

    assert refused.context["form"].errors["earned"]
    assert Mark.objects.get().earned == Decimal("7.25")


def test_an_answer_that_one_marked_leads_back_and_that_of_a_stranger_is_not_there(center: Center):
    cohort = essay_cohort(center, second_marking="all")
    attempt = written(cohort)
    user = marker(center)
    client = logged_in(user)
    address = opens(client, attempt.versions[0])
    client.post(address, posted(BEST))

    again = client.get(address)
    other = logged_in(marker(CenterFactory())).get(address)

    assert (again.status_code, again["Location"]) == (302, reverse("marking"))
    assert other.status_code == 404


def test_what_was_typed_stays_where_a_colleague_opened_the_answer_meanwhile(center: Center):
    attempt = written(essay_cohort(center))
    slow, quick = logged_in(marker(center)), logged_in(marker(center))
    address = opens(slow, attempt.versions[0])
    shown = slow.get(address).context["opened"]
    MarkingTask.objects.update(claimed_until=timezone.now() - dt.timedelta(seconds=1))
    assert opens(quick, attempt.versions[0]) == address

    answer = slow.post(address, posted(BEST, comment="كتبت كثيرًا.", opened=shown))
    stranger = logged_in(marker(center)).post(address, posted(BEST, opened=shown))

    assert "كتبت كثيرًا." in answer.content.decode()
    assert answer.context["form"].non_field_errors()
    assert (stranger.status_code, slow.get(address).status_code) == (404, 404)
    assert not Mark.objects.exists()


def have_marked(attempt: Attempt, *, slots: range, by: tuple[User, User]) -> None:
    """Create the rows of two markers who gave these answers equal marks, of ten points and of six by turns."""
    tasks = MarkingTask.objects.filter(attempt=attempt, slot__in=slots)
    Mark.objects.bulk_create(
        Mark(task=task, round=which, earned=10 if task.slot % 2 else 6, most=10, by=user)
        for task in tasks
        for which, user in zip((MarkRound.FIRST, MarkRound.SECOND), by, strict=True)
    )
    tasks.update(state=MarkingState.DONE)


def test_agreement_is_shown_from_ten_answers_in_common_to_those_who_lead(center: Center):
    cohort = essay_cohort(center, second_marking="all", mark_tolerance=100)
    version = essay_version(quiz_taught(cohort))
    first, second, third = marker(center), marker(center), marker(center)
    ten = written(cohort, *[version] * 10)
    have_marked(ten, slots=range(9), by=(first, second))
    for one in (first, second):
        marked(task_of(ten, 9), one, BEST)
    task = task_of(written(cohort, version))
    give_mark(task_id=task.pk, given=Given(levels=BEST), by=first)
    give_mark(task_id=task.pk, given=Given(levels=BEST), by=third)

    page = logged_in(marker(center, RoleName.CENTER_MANAGER)).get(reverse("marking_agreement"))
    elsewhere = logged_in(marker(CenterFactory(), RoleName.CENTER_MANAGER)).get(reverse("marking_agreement"))

    [pair] = page.context["page"]
    assert set(pair.names) == {str(first), str(second)}
    assert (pair.agreement.n, pair.agreement.quadratic) == (10, 1.0)
    assert page.context["found"].too_few == 1
    assert list(elsewhere.context["page"]) == []
    assert logged_in(first).get(reverse("marking_agreement")).status_code == 404
