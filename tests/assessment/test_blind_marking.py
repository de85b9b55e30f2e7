"""What markers reach: by no address do they learn whose an answer is, or what another marker gave."""

import datetime as dt
import re
from typing import Any

import pytest
from django.urls import get_resolver, reverse
from django.utils import timezone
from wagtail.models import ModelLogEntry

from accounts.enums import RoleName
from accounts.models import Center, Person, User
from accounts.services.formatting import format_datetime
from assessment.enums import AttemptState, MarkingState
from assessment.models import Attempt, MarkingTask
from courses.models import Cohort
from tests.assessment.marking_pages import logged_in, opens, posted
from tests.factories.accounts import CenterFactory
from tests.factories.marking import (
    BEST,
    SIX,
    WORST,
    essay_cohort,
    essay_version,
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


def marked_once(center: Center) -> tuple[Attempt, dict[str, str]]:
    """An answer that a first marker marked, and what hides whose it is and what they gave."""
    cohort = essay_cohort(center, second_marking="all", mark_tolerance=0)
    attempt = written(cohort, essay_version(quiz_taught(cohort)))
    kept, first = secrets_of(attempt), marker(center)
    marked(task_of(attempt), first, SIX, comment=FIRST_SAYS)
    return attempt, {**kept, "first marker": str(first), "comment": FIRST_SAYS, "points": "6 من 10"}


def told_by(pages: dict[str, Any], hidden: dict[str, str]) -> list[tuple[str, str]]:
    """What of the hidden the pages say; each of them opened."""
    assert {page: answer.status_code for page, answer in pages.items()} == dict.fromkeys(pages, 200)
    texts = {page: whole(answer) for page, answer in pages.items()}
    return [(page, what) for page, text in texts.items() for what, secret in hidden.items() if secret in text]


BOTH_ROLES = pytest.mark.parametrize("role", [RoleName.ASSESSOR, RoleName.INSTRUCTOR])


@BOTH_ROLES
def test_no_address_of_a_marker_says_whose_an_answer_is_or_what_another_one_gave(
    center: Center, role: RoleName
):
    attempt, hidden = marked_once(center)
    client = logged_in(marker(center, role))

    seen = {"queue": client.get(reverse("marking"))}
    address = opens(client, attempt.versions[0])
    seen["answer"] = client.get(address)
    seen["refused"] = client.post(address, posted({}))
    seen["saved"] = client.post(address, posted(BEST), follow=True)
    seen["mine after"] = client.get(reverse("marking_mine"))
    seen["again"] = client.get(reverse("marking_again", args=[task_of(attempt).code]))

    assert told_by(seen, hidden) == []
    assert MarkingTask.objects.get().state == MarkingState.MODERATION


@BOTH_ROLES
def test_no_page_says_it_of_an_answer_that_was_put_off(center: Center, role: RoleName):
    attempt, hidden = marked_once(center)
    client = logged_in(marker(center, role))
    opens(client, attempt.versions[0])

    seen = {"later": client.post(reverse("marking_later", args=[task_of(attempt).code]), follow=True)}
    seen["mine"] = client.get(reverse("marking_mine"))
    seen["home"] = client.get(reverse("wagtailadmin_home"))
    seen["work"] = client.get(reverse("work", args=["answers-to-mark"]))

    assert told_by(seen, hidden) == []


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
