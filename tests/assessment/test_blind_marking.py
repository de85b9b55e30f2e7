"""What markers reach: by no address do they learn whose an answer is, or what another marker gave."""

import datetime as dt
import json
import re
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver, reverse
from django.utils import timezone
from wagtail.models import ModelLogEntry

from accounts.enums import RoleName
from accounts.models import Center, Person, User
from accounts.services.formatting import format_datetime
from assessment.enums import AttemptState, MarkingState
from assessment.models import Attempt, Mark, MarkingTask
from assessment.services.marks import Given, give_mark
from courses.models import Cohort
from tests.factories.accounts import CenterFactory
from tests.factories.marking import (
    BEST,
    EIGHT,
    FILES_BEST,
    FILES_WORST,
    SIX,
    WORST,
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

FIRST_SAYS = "تعليق-المصحح-الأول"


@pytest.fixture
def center() -> Center:
    row: Center = CenterFactory()
    return row


def posted(levels: dict[str, str], **typed: str) -> dict[str, str]:
    return {**{f"level-{line}": level for line, level in levels.items()}, **typed}


def logged_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def opens(client: Client, version: int, *, decides: bool = False) -> str:
    """The address of the next answer."""
    name = "marking_next_decision" if decides else "marking_next"
    answer = client.post(reverse(name), {"question": version})
    assert answer.status_code == 302
    return str(answer["Location"])


def secrets_of(attempt: Attempt) -> dict[str, str]:
    """What says whose the attempt is, after giving all of it a text of its own."""
    enrollment = attempt.enrollment
    Person.objects.filter(pk=enrollment.person_id).update(full_name_ar="سر الاسم", full_name_en="Secret Name")
    login = User.objects.filter(person=enrollment.person_id)
    login.update(username="secret-login", email="secret@example.org", phone="+201001234567")
    Cohort.objects.filter(pk=enrollment.cohort_id).update(code="SECRET-COHORT")
    ended = timezone.localtime(timezone.now()) - dt.timedelta(hours=5, minutes=17)
    Attempt.objects.filter(pk=attempt.pk).update(ended_at=ended)
    return {
        "name": "سر الاسم",
        "English name": "Secret Name",
        "number": "1001234567",
        "login": "secret-login",
        "address": "secret@",
        "cohort": "SECRET-COHORT",
        "attempt": str(attempt.public_id),
        "enrollment": str(enrollment.public_id),
        "person": str(enrollment.person.public_id),
        "time": format_datetime(ended, "TIME_FORMAT"),
        "time in ISO": ended.strftime("%H:%M"),
    }


def whole(answer: Any) -> str:
    """Headers and body, as they are sent."""
    body = b"".join(answer) if answer.streaming else answer.content
    return f"{answer.headers}\n{body.decode(errors='replace')}"


def paper_and_form(answer: Any) -> str:
    """What of a page is about the answer, without the token of the form, which is another one each time."""
    html = answer.content.decode()
    start = html.index("data-marking")
    end = html.index("</form>", start)
    return re.sub(r'name="(csrfmiddlewaretoken|opened)" value="\w+"', "", html[start:end])


MARKING = [
    name for name in get_resolver().reverse_dict if isinstance(name, str) and name.startswith("marking")
]


def test_the_walk_knows_every_address_of_markers():
    assert {
        "marking",
        "marking_again",
        "marking_agreement",
        "marking_answer",
        "marking_decide",
        "marking_decide_later",
        "marking_decided",
        "marking_decisions",
        "marking_file",
        "marking_later",
        "marking_mine",
        "marking_next",
        "marking_next_decision",
    } <= set(MARKING)


@pytest.mark.parametrize("role", [RoleName.ASSESSOR, RoleName.INSTRUCTOR])
def test_no_address_of_a_marker_says_whose_an_answer_is_or_what_another_one_gave(
    center: Center, role: RoleName
):
    cohort = essay_cohort(center, second_marking="all", mark_tolerance=0)
    version = essay_version(quiz_taught(cohort))
    attempt = written(cohort, version)
    kept = secrets_of(attempt)
    first, second = marker(center), marker(center, role)
    marked(task_of(attempt), first, SIX, comment=FIRST_SAYS)
    client = logged_in(second)

    seen = {"queue": client.get(reverse("marking"))}
    address = opens(client, version.pk)
    seen["answer"] = client.get(address)
    seen["refused"] = client.post(address, posted({}))
    seen["later"] = client.post(reverse("marking_later", args=[task_of(attempt).code]), follow=True)
    seen["mine"] = client.get(reverse("marking_mine"))
    seen["home"] = client.get(reverse("wagtailadmin_home"))
    seen["work"] = client.get(reverse("work", args=["answers-to-mark"]))
    seen["saved"] = client.post(address, posted(BEST), follow=True)
    seen["mine after"] = client.get(reverse("marking_mine"))
    seen["again"] = client.get(reverse("marking_again", args=[task_of(attempt).code]))

    hidden = {**kept, "first marker": str(first), "comment": FIRST_SAYS, "points": "6 من 10"}
    for page, answer in seen.items():
        assert answer.status_code == 200, page
        text = whole(answer)
        assert [what for what, secret in hidden.items() if secret in text] == [], page
    assert MarkingTask.objects.get().state == MarkingState.MODERATION


def test_the_page_of_the_second_mark_is_that_of_the_first(center: Center):
    cohort = essay_cohort(center, second_marking="all")
    version = essay_version(quiz_taught(cohort))
    attempt = written(cohort, version)
    first, second = marker(center), marker(center)
    one, other = logged_in(first), logged_in(second)

    as_first = one.get(opens(one, version.pk))
    one.post(as_first.wsgi_request.path, posted(SIX, comment=FIRST_SAYS))
    queue = other.get(reverse("marking"))
    as_second = other.get(opens(other, version.pk))

    assert [(one.count, one.version) for one in queue.context["questions"]] == [(1, version.pk)]
    assert paper_and_form(as_first) == paper_and_form(as_second)
    assert task_of(attempt).is_second_wanted


def test_who_decides_sees_both_marks_and_not_who_gave_them(center: Center):
    cohort = essay_cohort(center, second_marking="all")
    attempt = written(cohort)
    kept = secrets_of(attempt)
    first, second = marker(center), marker(center)
    marked(task_of(attempt), first, WORST, comment="ضعيف")
    marked(task_of(attempt), second, BEST, comment="ممتاز")
    client = logged_in(marker(center, RoleName.CENTER_MANAGER))

    queue = client.get(reverse("marking_decisions"))
    address = opens(client, attempt.versions[0], decides=True)
    page = client.get(address)
    decided = client.post(address, posted(SIX, is_final="on"), follow=True)

    assert [one.points for one in page.context["both"]] == ["10 من 10", "0 من 10"]
    text = whole(page) + whole(queue) + whole(decided)
    assert "ضعيف" in text
    hidden = {**kept, "first": str(first), "second": str(second)}
    assert [what for what, secret in hidden.items() if secret in text] == []
    attempt.refresh_from_db()
    assert (attempt.state, attempt.score) == (AttemptState.MARKED, 60)


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


def test_the_trail_of_the_person_says_not_who_marked(center: Center):
    attempt = written(essay_cohort(center))
    user = marker(center)
    client = logged_in(user)
    address = opens(client, attempt.versions[0])

    client.post(address, posted(BEST))

    task = task_of(attempt)
    rows = ModelLogEntry.objects.filter(user=user)
    assert {(row.action, row.label) for row in rows} == {("assessment.mark.give", str(task.code))}
    assert not rows.exclude(audited__person=None).exists()
    assert ModelLogEntry.objects.filter(action="courses.progress.mark", user=None).exists()


def test_work_that_is_marked_blind_is_listed_without_its_person(center: Center):
    attempt = written(essay_cohort(center))
    page = logged_in(marker(center)).get(reverse("wagtailadmin_home"))

    assert attempt.enrollment.person.full_name_ar not in page.content.decode()
    assert reverse("marking") in page.content.decode()


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


def test_agreement_is_shown_from_ten_answers_in_common_to_those_who_lead(center: Center):
    cohort = essay_cohort(center, second_marking="all", mark_tolerance=100)
    version = essay_version(quiz_taught(cohort))
    first, second, third = marker(center), marker(center), marker(center)
    for number in range(10):
        task = task_of(written(cohort, version))
        marked(task, first, BEST if number % 2 else SIX)
        marked(task, second, BEST if number % 2 else SIX)
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
