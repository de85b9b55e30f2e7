"""Lists of thousands of results: a few statements for 500 lines, workers that are killed, and as long as lists may be."""

import datetime as dt
import random
from collections import Counter
from typing import NamedTuple

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.enums import DocumentKind, RoleName
from accounts.models import AuditEntry, Center, User
from accounts.services.identity_documents import Identity
from accounts.services.people import PersonFacts
from accounts.services.registering import Newcomer, register_many
from assessment.models import QuizPage
from courses.enums import EnrollmentState, ImportKind, ImportStep
from courses.models import Cohort, Eligibility, Enrollment, ImportedResult, ImportRun, UnitProgress
from courses.services.enrolling_many import enroll_many
from courses.services.imports import start_import, work_on_import
from tests.courses.imports.lists import checked, counts, csv_of, number, uploaded
from tests.courses.imports.test_big_lists import Rows
from tests.courses.imports.workers import found, killed_twice, worked
from tests.factories.accounts import CenterFactory, MembershipFactory, UserFactory
from tests.factories.assessment import QuizPageFactory, quizzed_cohort

HEADINGS = ("الرقم القومي", "المجموعة", "الاختبار", "الدرجة", "ناجح أو راسب", "تاريخ الاختبار")
TESTS = 5
# How many people have a day of birth.
BORN_IN_A_DAY = 50


class Place(NamedTuple):
    center: Center
    by: User
    cohort: Cohort


@pytest.fixture
def place(db: None) -> Place:
    """A cohort whose people complete by passing five tests."""
    center = CenterFactory()
    quiz: QuizPage = QuizPageFactory(title="اختبار 1")
    for one in range(2, TESTS + 1):
        QuizPageFactory(parent=quiz.get_parent(), title=f"اختبار {one}")
    cohort = quizzed_cohort(quiz)
    Cohort.objects.filter(pk=cohort.pk).update(
        center=center, seats=30_000, starts_on=timezone.localdate() - dt.timedelta(days=30)
    )
    cohort.refresh_from_db()
    return Place(center, MembershipFactory(role=RoleName.ASSESSOR, center=center).user, cohort)


def number_of(person: int) -> str:
    return number(person % BORN_IN_A_DAY, dt.date(1980, 1, 1) + dt.timedelta(days=person // BORN_IN_A_DAY))


def enroll_people(place: Place, people: range) -> None:
    clerk = UserFactory()
    for first in range(people.start, people.stop, 500):
        newcomers = [
            Newcomer(
                PersonFacts(full_name_ar="محمد أحمد علي حسن", registered_at=place.center),
                Identity(DocumentKind.NATIONAL_ID, "EG", number_of(person)),
            )
            for person in range(first, min(first + 500, people.stop))
        ]
        registered = register_many(newcomers, by=clerk, source="a")
        enroll_many(cohort_id=place.cohort.pk, person_ids=[person.pk for person in registered], by=clerk)


class Sat(NamedTuple):
    """A list of results, how many lines are bad in which way, and how many people pass all of their tests."""

    rows: Rows
    bad: Counter[tuple[str, str]]
    completing: int


def sat(cohort: Cohort, people: range) -> Sat:
    """All tests of each person in turn. One line of a hundred is bad, in five ways in turn."""
    chance = random.Random(people.stop)
    today = timezone.localdate()
    rows: Rows = []
    bad: Counter[tuple[str, str]] = Counter()
    completing = 0
    for person in people:
        passed = 0
        for test in range(TESTS):
            score = chance.randint(55, 100)
            row = [number_of(person), cohort.code, f"اختبار {test + 1}", str(score), "", f"{today:%d/%m/%Y}"]
            if len(rows) % 100 == 99:
                column, value, fault = (
                    (0, "123", ("national_number", "WrongLength")),
                    (1, "لا توجد", ("cohort", "CohortUnknown")),
                    (2, "اختبار آخر", ("unit", "UnitUnknown")),
                    (3, "101", ("score", "NotAScore")),
                    (5, f"{today + dt.timedelta(days=2):%d/%m/%Y}", ("taken_on", "TakenInTheFuture")),
                )[len(rows) // 100 % 5]
                row[column] = value
                bad[fault] += 1
            elif score >= 60:
                passed += 1
            rows.append(tuple(row))
        completing += passed == TESTS
    return Sat(rows, bad, completing)


def upload(place: Place, rows: Rows) -> ImportRun:
    return uploaded(csv_of(HEADINGS, *rows), center=place.center, by=place.by, kind=ImportKind.RESULTS)


def statements_to_import(place: Place, people: range) -> int:
    enroll_people(place, people)
    data = csv_of(HEADINGS, *sat(place.cohort, people).rows)
    run = checked(data, center=place.center, by=place.by, kind=ImportKind.RESULTS)
    start_import(run_id=run.pk, by=place.by)
    with CaptureQueriesContext(connection) as asked:
        work_on_import(run_id=run.pk)
    run.refresh_from_db()
    assert (run.step, run.faulty) == (ImportStep.IMPORTED, len(people) * TESTS // 100)
    return len(asked)


def test_results_of_eighteen_people_take_as_many_statements_as_those_of_two(place: Place):
    statements_to_import(place, range(2))

    few = statements_to_import(place, range(10, 12))
    many = statements_to_import(place, range(20, 38))

    assert Enrollment.objects.filter(state=EnrollmentState.COMPLETED).exists()
    assert many == few


@pytest.mark.engines("1,000 results, which take seconds", nightly=True)
@pytest.mark.django_db
def test_each_five_hundred_results_take_as_many_statements_as_the_first(place: Place):
    statements_to_import(place, range(20))

    of_500 = statements_to_import(place, range(1_000, 1_100))
    of_1000 = statements_to_import(place, range(2_000, 2_200))
    of_1500 = statements_to_import(place, range(3_000, 3_300))

    assert of_1500 - of_1000 == of_1000 - of_500
    assert of_1000 - of_500 < 60


@pytest.mark.engines("worker processes, one of which is killed twice", nightly=True)
@pytest.mark.django_db(transaction=True)
def test_an_import_of_results_whose_workers_were_killed_ends_as_one_that_was_not(place: Place):
    enroll_people(place, range(600))
    rows, bad, completing = sat(place.cohort, range(600))
    good = len(rows) - bad.total()
    run = upload(place, rows)
    worked(run)
    start_import(run_id=run.pk, by=place.by)

    killed_at = killed_twice(run)
    worked(run)

    assert 0 < killed_at < len(rows)
    assert (run.step, counts(run)) == (ImportStep.IMPORTED, (good, 0, 0, bad.total()))
    assert found(run) == bad
    assert ImportedResult.objects.count() == UnitProgress.objects.count() == good
    assert AuditEntry.objects.filter(action="courses.progress.mark").count() == good
    assert Enrollment.objects.filter(state=EnrollmentState.COMPLETED).count() == completing
    again = upload(place, rows)
    worked(again)
    assert counts(again) == (0, 0, good, bad.total())


@pytest.mark.engines("a list of 50,000 results in worker processes", nightly=True)
@pytest.mark.django_db(transaction=True)
def test_the_longest_list_of_results_takes_no_more_memory_than_a_tenth_of_it(
    place: Place, capsys: pytest.CaptureFixture[str]
):
    peaks = []
    for people in (range(1_000), range(1_000, 11_000)):
        enroll_people(place, people)
        completed = Enrollment.objects.filter(state=EnrollmentState.COMPLETED).count()
        rows, bad, completing = sat(place.cohort, people)
        good = len(rows) - bad.total()
        run = upload(place, rows)
        checking = worked(run)
        start_import(run_id=run.pk, by=place.by)
        importing = worked(run)
        again = upload(place, rows)
        repeating = worked(again)
        with capsys.disabled():
            print(f"\n{len(rows)} results: check {checking}, import {importing}, second check {repeating}")
        peaks.append(max(checking["megabytes"], importing["megabytes"]))

        assert (run.step, counts(run)) == (ImportStep.IMPORTED, (good, 0, 0, bad.total()))
        assert found(run) == bad
        assert counts(again) == (0, 0, good, bad.total())
        now_completed = Enrollment.objects.filter(state=EnrollmentState.COMPLETED)
        assert now_completed.count() - completed == completing
        assert now_completed.count() == Eligibility.objects.filter(met=True).count()

    assert peaks[1] < peaks[0] + 60
