"""A unit that is not open yet is neither shown nor recorded; the trainee reads when it opens."""

import datetime as dt
import gzip
from collections.abc import Callable, Iterator
from decimal import Decimal
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from assessment.models import Attempt
from assessment.services.attempts import start_attempt, submit_attempt
from courses.enums import EnrollmentState, Shift
from courses.errors import UnitNotOpen
from courses.models import Enrollment, LessonPage, UnitProgress
from courses.queries.outline import UnitState, opening_next, outline, unit_address
from courses.queries.releases import Openness, openness_in, openness_of
from courses.services.cohorts import open_cohort
from courses.services.content import take_newest_content
from courses.services.progress import complete_unit, open_unit, record_score, report_watched
from courses.services.releases import release_unit
from courses.services.transfers import transfer
from tests.courses.releases.conftest import Course
from tests.courses.seats.clock import at
from tests.factories.accounts import UserFactory
from tests.factories.courses import EnrollmentFactory
from tests.factories.live import own_lesson_replay

LEARNING = "/ar/learning/"
A_SECOND = dt.timedelta(seconds=1)


@pytest.fixture(autouse=True)
def arabic() -> Iterator[None]:
    with override("ar"):
        yield


@pytest.fixture
def seat(course: Course) -> Enrollment:
    return course.seat()


@pytest.fixture
def trainee(client: Client, seat: Enrollment) -> Client:
    client.force_login(seat.person.user)
    return client


def fresh(seat: Enrollment) -> Enrollment:
    return Enrollment.objects.select_related("cohort__content_version", "cohort__program").get(pk=seat.pk)


def seconds_before(course: Course, unit: UUID, *, seconds: int) -> dt.datetime:
    """Let a unit open a minute from now; the moment so many seconds before."""
    opens_at = timezone.now() + dt.timedelta(minutes=1)
    release_unit(cohort_id=course.cohort.pk, unit_key=unit, opens_at=opens_at, after=(), by=course.clerk)
    return opens_at - dt.timedelta(seconds=seconds)


@pytest.mark.parametrize(("seconds", "is_open"), [(1, False), (0, True), (-1, True)])
def test_a_lesson_opens_at_its_very_second(
    trainee: Client, course: Course, seat: Enrollment, seconds: int, is_open: bool
):
    moment = seconds_before(course, course.video, seconds=seconds)

    with at(moment):
        page = trainee.get(unit_address(seat, course.video))

    assert page.status_code == 200
    assert ("data-player" in page.text) == is_open
    assert ("لم يفتح هذا الدرس بعد" in page.text) != is_open
    assert UnitProgress.objects.exists() == is_open


def test_the_page_of_a_closed_unit_says_when_it_opens_and_leads_on_and_shows_nothing_of_it(
    trainee: Client, course: Course, seat: Enrollment
):
    course.release(course.video, day=7, after=(course.first,))

    page = trainee.get(unit_address(seat, course.video))

    assert openness_in(fresh(seat), course.video).sentence in page.text
    assert "بعد إتمام: السلامة" in page.text
    assert f'href="{unit_address(seat, course.first)}"' in page.text
    assert "/media/" not in page.text


def test_nothing_is_recorded_in_a_unit_that_is_not_open(course: Course, seat: Enrollment):
    for unit in (course.second, course.video, course.quiz):
        course.release(unit, day=7)
    report = {"buckets": [0], "position": 5, "buckets_total": 12}

    with pytest.raises(UnitNotOpen):
        open_unit(enrollment_id=seat.pk, unit_key=course.second)
    with pytest.raises(UnitNotOpen):
        complete_unit(enrollment_id=seat.pk, unit_key=course.second)
    with pytest.raises(UnitNotOpen):
        report_watched(enrollment_id=seat.pk, unit_key=course.video, **report)
    with pytest.raises(UnitNotOpen):
        start_attempt(enrollment_id=seat.pk, unit_key=course.quiz, by=seat.person.user)

    assert not UnitProgress.objects.exists()
    assert not Attempt.objects.exists()


def test_the_refusal_says_when_in_both_languages(course: Course, seat: Enrollment):
    course.release(course.second, after=(course.first,))
    refusals = {}

    with pytest.raises(UnitNotOpen) as refused:
        complete_unit(enrollment_id=seat.pk, unit_key=course.second)
    for language in ("ar", "en"):
        with override(language):
            refusals[language] = str(refused.value)

    assert refusals == {
        "ar": "لم يفتح هذا الدرس بعد. بعد إتمام: السلامة.",
        "en": "This unit is not open yet. After: السلامة.",
    }


def test_a_closed_quiz_and_a_report_are_answered_with_the_reason(
    trainee: Client, course: Course, seat: Enrollment
):
    course.release(course.quiz, after=(course.first,))
    course.release(course.video, after=(course.first,))

    quiz = trainee.post(reverse("assessment:start", args=[course.quiz]), follow=True)
    report = trainee.post(
        reverse("courses:progress", args=[seat.public_id, course.video]),
        {"buckets": [0], "position": 5},
        content_type="application/json",
    )
    done = trainee.post(reverse("courses:unit_done", args=[seat.public_id, course.quiz]), follow=True)

    assert "بعد إتمام: السلامة" in quiz.text
    assert (report.status_code, "بعد إتمام: السلامة" in report.json()["detail"]) == (400, True)
    assert "بعد إتمام: السلامة" in done.text


def test_an_attempt_that_was_begun_is_finished_after_a_transfer_to_a_cohort_where_the_quiz_is_closed(
    trainee: Client, course: Course, seat: Enrollment
):
    begun = start_attempt(enrollment_id=seat.pk, unit_key=course.quiz, by=seat.person.user)
    other = open_cohort(
        program_id=course.cohort.program_id,
        center_id=course.cohort.center_id,
        code="REL-OTHER",
        starts_on=course.cohort.starts_on,
        ends_on=course.cohort.ends_on,
        shift=Shift.EVENING,
        seats=5,
        by=course.clerk,
    )
    for unit in (course.quiz, course.video):
        release_unit(
            cohort_id=other.pk, unit_key=unit, opens_at=course.day(20), after=(course.first,), by=course.clerk
        )
    transfer(enrollment_id=seat.pk, to_cohort_id=other.pk, reason="ورديات العمل", by=course.clerk)

    again = start_attempt(enrollment_id=seat.pk, unit_key=course.quiz, by=seat.person.user)
    submit_attempt(attempt_id=again.pk, responses={}, by=seat.person.user)

    assert again == begun
    assert set(openness_of([fresh(seat)])[seat.pk]) == {str(course.video)}
    assert trainee.get(unit_address(seat, course.quiz)).context["attempts"]


def test_a_mark_that_staff_record_is_not_refused(course: Course, seat: Enrollment):
    course.release(course.quiz, day=7)

    progress = record_score(enrollment_id=seat.pk, unit_key=course.quiz, score=Decimal(90), passed=True)

    assert progress.completed_at


def test_a_unit_opens_when_what_it_waits_for_is_completed(course: Course, seat: Enrollment):
    course.release(course.video, after=(course.first, course.second))
    complete_unit(enrollment_id=seat.pk, unit_key=course.first)
    assert openness_in(fresh(seat), course.video) == Openness(None, ("العدد",))

    complete_unit(enrollment_id=seat.pk, unit_key=course.second)

    assert openness_in(fresh(seat), course.video) is None


def test_a_unit_that_is_gone_from_the_content_is_waited_for_by_no_one(course: Course, seat: Enrollment):
    course.release(course.video, after=(course.first,))
    course.release(course.first, day=7)
    LessonPage.objects.get(translation_key=course.first).unpublish()

    take_newest_content(cohort_id=course.cohort.pk, reason="حذف الدرس", by=course.clerk)

    assert openness_of([fresh(seat)]) == {seat.pk: {}}


def test_who_completed_the_program_waits_for_dates_only(course: Course, seat: Enrollment):
    course.release(course.video, after=(course.first,))
    course.release(course.quiz, day=7)

    Enrollment.objects.filter(pk=seat.pk).update(state=EnrollmentState.COMPLETED, completed_at=timezone.now())

    assert set(openness_in_all(seat)) == {str(course.quiz)}


def openness_in_all(seat: Enrollment) -> dict[str, Openness]:
    return openness_of([fresh(seat)])[seat.pk]


def test_the_way_on_never_leads_to_a_closed_unit(trainee: Client, course: Course, seat: Enrollment):
    course.release(course.second, day=9)
    course.release(course.video, day=7)
    course.release(course.quiz, after=(course.video,))
    complete_unit(enrollment_id=seat.pk, unit_key=course.first)

    units = outline(fresh(seat))
    page = trainee.get(LEARNING)
    first = trainee.get(unit_address(seat, course.first)).text
    program = trainee.get(course.cohort.program.get_url()).text

    assert [unit.state for unit in units] == [
        UnitState.DONE, UnitState.TODO, UnitState.TODO, UnitState.TODO, UnitState.NOW,
    ]  # fmt: skip
    assert opening_next(units).unit_key == course.video
    (card,) = page.context["cards"]
    assert card.next_unit.unit_key == course.extra
    assert "يفتح بعد ذلك" in page.text
    for shown in (page.text, first, program):
        assert unit_address(seat, course.second) not in shown
        assert units[1].openness.sentence in shown


def test_when_nothing_is_open_the_page_says_what_opens_next(
    trainee: Client, course: Course, seat: Enrollment
):
    for unit in (course.first, course.second, course.video, course.quiz, course.extra):
        course.release(unit, day=7)

    page = trainee.get(LEARNING)

    assert page.context["cards"][0].next_unit is None
    assert "يفتح بعد ذلك" in page.text
    assert LEARNING in trainee.get(unit_address(seat, course.first)).text


def test_a_weekly_release_adds_less_than_a_kilobyte_to_my_learning(
    trainee: Client, course: Course, seat: Enrollment
):
    before = len(gzip.compress(trainee.get(LEARNING).content))

    for number, unit in enumerate((course.second, course.video, course.quiz, course.extra)):
        course.release(unit, day=number + 1, after=(course.first,))

    assert len(gzip.compress(trainee.get(LEARNING).content)) - before < 1000


def test_the_replay_next_to_a_lesson_opens_with_it(client: Client, db: None):
    visit = own_lesson_replay(EnrollmentFactory().cohort.center)
    client.force_login(visit.user)
    address = reverse("live:lesson_replay", kwargs=visit.kwargs)
    seat = Enrollment.objects.get(person=visit.user.person_id)
    was_open = client.get(address).status_code

    release_unit(
        cohort_id=seat.cohort_id,
        unit_key=UUID(visit.kwargs["unit_key"]),
        opens_at=timezone.now() + dt.timedelta(days=1),
        after=(),
        by=UserFactory(),
    )

    assert (was_open, client.get(address).status_code) == (200, 404)


def test_staff_read_every_unit(client: Client, course: Course):
    course.release(course.first, day=7)
    course.clerk.is_superuser = True
    course.clerk.save()
    client.force_login(course.clerk)

    page = client.get(LessonPage.objects.get(translation_key=course.first).get_url())

    assert page.context["playback"] is None
    assert "لم يفتح هذا الدرس بعد" not in page.text


def statements(ask: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as asked:
        ask()
    return len(asked)


def test_a_cohort_without_releases_costs_no_statement_and_three_cost_what_one_does(course: Course):
    seats = [fresh(course.seat()) for _ in range(3)]
    assert statements(lambda: openness_of(seats)) == 0

    course.release(course.video, day=7)
    seats = [fresh(seat) for seat in seats]
    with_one = statements(lambda: openness_of(seats[:1]))
    for unit in (course.second, course.quiz):
        course.release(unit, day=7, after=(course.first,))

    assert with_one == 2
    assert statements(lambda: openness_of(seats)) == 2
