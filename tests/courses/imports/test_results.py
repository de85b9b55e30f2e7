"""Importing results: what is recorded once, what stays, what is a fault."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.enums import RoleName
from accounts.models import AuditEntry, Center, Person, User
from accounts.services.identity_documents import register_national_id
from assessment.models import QuizPage
from courses.enums import EnrollmentState, ImportKind, ImportStep
from courses.errors import ImportNotAllowed
from courses.models import Cohort, Enrollment, ImportedResult, ImportRun, UnitProgress
from courses.services import imports
from courses.services.enrollments import enroll
from courses.services.imports import start_import, work_on_import
from courses.services.marks import correct_score
from jobs.services.recovery import recover
from tests.courses.imports.lists import (
    ALI,
    MONA,
    checked,
    counts,
    csv_of,
    faults,
    imported,
    let_lease_expire,
    number,
    xlsx_of,
)
from tests.factories.accounts import MembershipFactory, PersonFactory, UserFactory
from tests.factories.assessment import QuizPageFactory, quizzed_cohort
from tests.factories.courses import CohortFactory, LessonPageFactory

HEADINGS = ("الرقم القومي", "المجموعة", "الاختبار", "الدرجة", "ناجح أو راسب", "تاريخ الاختبار")


@pytest.fixture
def by(center: Center) -> User:
    return MembershipFactory(role=RoleName.ASSESSOR, center=center).user


@pytest.fixture
def quiz(db: None) -> QuizPage:
    """A quiz with a pass mark of 60, after a lesson."""
    quiz: QuizPage = QuizPageFactory(title="اختبار السلامة", is_required=False)
    LessonPageFactory(parent=quiz.get_parent(), title="أدوات القياس")
    return quiz


@pytest.fixture
def cohort(center: Center, quiz: QuizPage) -> Cohort:
    """It began a month ago. What completes it is the lesson, so that marks end no enrollment."""
    cohort = quizzed_cohort(quiz)
    Cohort.objects.filter(pk=cohort.pk).update(
        center=center, starts_on=timezone.localdate() - dt.timedelta(days=30)
    )
    cohort.refresh_from_db()
    return cohort


@pytest.fixture
def facts(center: Center, by: User) -> dict[str, object]:
    return {"center": center, "by": by, "kind": ImportKind.RESULTS}


def trainee(cohort: Cohort, national_number: str) -> Enrollment:
    person = PersonFactory(registered_at=cohort.center)
    register_national_id(person_id=person.pk, number=national_number, by=UserFactory())
    return enroll(person_id=person.pk, cohort_id=cohort.pk, by=UserFactory())


@pytest.fixture
def mona(cohort: Cohort) -> Enrollment:
    return trainee(cohort, MONA[1])


def days_ago(days: int) -> str:
    return (timezone.localdate() - dt.timedelta(days=days)).isoformat()


def row(cohort: Cohort, score: object, *, who: str = MONA[1], unit: str = "اختبار السلامة", passed: str = "", days: int = 2) -> tuple[object, ...]:  # fmt: skip
    return (who, cohort.code, unit, score, passed, days_ago(days))


def mark_of(enrollment: Enrollment) -> tuple[Decimal | None, bool | None]:
    progress = UnitProgress.objects.get(enrollment=enrollment, score__isnull=False)
    return progress.score, progress.passed


def test_a_list_records_results_and_a_second_run_none(
    cohort: Cohort, quiz: QuizPage, mona: Enrollment, by: User, facts: dict[str, object]
):
    ali = trainee(cohort, ALI[1])
    data = csv_of(HEADINGS, row(cohort, "٨٥٫٥"), row(cohort, "59.999%", who=ALI[1]), row(cohort, "85,5"))

    run = imported(data, **facts)
    again = checked(data, **facts)

    assert (run.step, counts(run), counts(again)) == (ImportStep.IMPORTED, (2, 0, 1, 0), (0, 0, 3, 0))
    assert faults(run) == [(4, "", "SameResultAsLine")]
    assert (mark_of(mona), mark_of(ali)) == ((Decimal("85.50"), True), (Decimal("59.99"), False))
    kept = ImportedResult.objects.get(enrollment=mona)
    assert (kept.unit_key, kept.taken_on.isoformat(), kept.line) == (quiz.translation_key, days_ago(2), 2)
    assert AuditEntry.objects.filter(action="courses.progress.mark").count() == 2
    assert AuditEntry.objects.filter(action="courses.progress.import", by=by, person=mona.person).count() == 1


def test_a_result_that_differs_from_what_was_imported_is_a_fault_and_the_mark_stays(
    cohort: Cohort, mona: Enrollment, facts: dict[str, object]
):
    imported(csv_of(HEADINGS, row(cohort, 50)), **facts)

    run = checked(csv_of(HEADINGS, row(cohort, 80)), **facts)

    assert (counts(run), faults(run)) == ((0, 0, 0, 1), [(2, "score", "ResultDiffers")])
    assert mark_of(mona) == (50, False)


def test_a_corrected_mark_is_not_brought_back_by_its_list(
    cohort: Cohort, quiz: QuizPage, mona: Enrollment, by: User, facts: dict[str, object]
):
    imported(csv_of(HEADINGS, row(cohort, 90)), **facts)
    correct_score(enrollment_id=mona.pk, unit_key=quiz.translation_key, score=Decimal(40), passed=False, reason="a", by=by)  # fmt: skip

    same = checked(csv_of(HEADINGS, row(cohort, 90)), **facts)
    mended = checked(csv_of(HEADINGS, row(cohort, 40)), **facts)

    assert counts(same) == counts(mended) == (0, 0, 1, 0)
    assert mark_of(mona) == (40, False)


def test_another_day_is_another_attempt_and_the_best_counts(
    cohort: Cohort, mona: Enrollment, facts: dict[str, object]
):
    rows = [row(cohort, 70, days=9), row(cohort, 65, days=2)]

    run = imported(csv_of(HEADINGS, rows[0]), **facts)
    later = imported(csv_of(HEADINGS, *rows), **facts)

    assert (counts(run), counts(later)) == ((1, 0, 0, 0), (1, 0, 1, 0))
    assert faults(later) == [(3, "score", "BetterScoreStays")]
    assert mark_of(mona) == (70, True)
    assert ImportedResult.objects.count() == 2


def test_a_unit_is_named_by_its_title_its_number_or_its_key(
    cohort: Cohort, quiz: QuizPage, mona: Enrollment, facts: dict[str, object]
):
    units = [unit["unit"] for unit in cohort.content_version.units]
    place = str(units.index(str(quiz.translation_key)) + 1)
    names = ["إختبار السلامه", place, place.translate(str.maketrans("12", "١٢")), str(quiz.translation_key)]

    runs = [checked(csv_of(HEADINGS, row(cohort, 80, unit=name)), **facts) for name in names]

    assert [counts(run) for run in runs] == [(1, 0, 0, 0)] * 4


def test_a_workbook_says_days_and_percentages_in_its_own_way(
    cohort: Cohort, mona: Enrollment, facts: dict[str, object]
):
    day = timezone.localdate() - dt.timedelta(days=2)

    run = imported(xlsx_of(HEADINGS, (*row(cohort, 66.666666)[:5], day)), **facts)

    assert counts(run) == (1, 0, 0, 0)
    assert mark_of(mona) == (Decimal("66.66"), True)


def test_what_the_line_says_of_passing_counts_and_is_told_where_the_pass_mark_says_otherwise(
    cohort: Cohort, mona: Enrollment, facts: dict[str, object]
):
    run = imported(csv_of(HEADINGS, row(cohort, 80, passed="راسبة")), **facts)

    assert faults(run) == [(2, "passed", "PassMarkDiffers")]
    assert (counts(run), mark_of(mona)) == ((1, 0, 0, 0), (80, False))


def test_faults_of_results_name_their_line_and_column(
    center: Center, other_center: Center, cohort: Cohort, mona: Enrollment, facts: dict[str, object]
):
    foreign = CohortFactory(center=other_center)
    elsewhere = PersonFactory(registered_at=other_center)
    register_national_id(person_id=elsewhere.pk, number=ALI[1], by=UserFactory())
    rows = [
        row(cohort, 80, who=ALI[1]),
        row(cohort, 80, who=number(1)),
        row(foreign, 80),
        row(cohort, 80, unit="اختبار آخر"),
        row(cohort, 80, unit="أدوات القياس"),
        row(cohort, 101),
        row(cohort, "-5"),
        row(cohort, ""),
        row(cohort, 80, passed="ربما"),
        row(cohort, 80, days=-1),
        row(cohort, 80, days=31),
        row(cohort, 80),
        row(cohort, 70),
    ]

    run = checked(csv_of(HEADINGS, *rows), **facts)

    assert faults(run) == [
        # Nothing tells who is on record elsewhere.
        (2, "national_number", "NotEnrolledThere"),
        (3, "national_number", "NotEnrolledThere"),
        (4, "cohort", "CohortUnknown"),
        (5, "unit", "UnitUnknown"),
        (6, "unit", "UnitNotMarked"),
        (7, "score", "NotAScore"),
        (8, "score", "NotAScore"),
        (9, "score", "ValueMissing"),
        (10, "passed", "PassedUnknown"),
        (11, "taken_on", "TakenInTheFuture"),
        (12, "", "TakenBeforeCohort"),
        (14, "", "OtherResultInLine"),
    ]
    assert run.created == 1


def test_an_enrollment_that_is_over_takes_no_result(
    cohort: Cohort, mona: Enrollment, facts: dict[str, object]
):
    Enrollment.objects.filter(pk=mona.pk).update(state=EnrollmentState.FAILED)

    run = checked(csv_of(HEADINGS, row(cohort, 80)), **facts)

    assert faults(run) == [(2, "", "EnrollmentNotActive")]


@pytest.mark.parametrize("is_uploader", [True, False])
def test_no_one_imports_a_result_of_their_own_not_even_by_a_colleague(
    center: Center, cohort: Cohort, mona: Enrollment, by: User, facts: dict[str, object], is_uploader: bool
):
    colleague = MembershipFactory(role=RoleName.ASSESSOR, center=center).user
    own = by if is_uploader else colleague
    own.person = Person.objects.get(pk=mona.person_id)
    own.save()
    trainee(cohort, ALI[1])
    run = checked(csv_of(HEADINGS, row(cohort, 80), row(cohort, 80, who=ALI[1])), **facts)

    start_import(run_id=run.pk, by=colleague)
    work_on_import(run_id=run.pk)

    run.refresh_from_db()
    assert (counts(run), faults(run)) == ((1, 0, 0, 1), [(2, "", "OwnMark")])
    assert not ImportedResult.objects.filter(enrollment=mona).exists()


@pytest.mark.parametrize("role", [RoleName.REGISTRAR, RoleName.CENTER_MANAGER, RoleName.MINISTRY_OFFICER])
def test_who_may_not_mark_imports_no_results(center: Center, cohort: Cohort, role: RoleName):
    other = MembershipFactory(role=role, center=center).user

    with pytest.raises(ImportNotAllowed):
        checked(csv_of(HEADINGS, row(cohort, 80)), kind=ImportKind.RESULTS, center=center, by=other)


def test_results_are_recorded_once_though_a_worker_died_between_two_units(
    cohort: Cohort, mona: Enrollment, facts: dict[str, object], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(imports, "LINES_IN_A_UNIT", 1)
    trainee(cohort, ALI[1])
    run = checked(csv_of(HEADINGS, row(cohort, 80), row(cohort, 70, who=ALI[1]), row(cohort, 80)), **facts)
    start_import(run_id=run.pk, by=facts["by"])
    do_unit = imports._do_unit
    done: list[object] = []

    def killed(*held: object) -> None:
        if done:
            raise KeyboardInterrupt
        done.append(held)
        do_unit(*held)  # type: ignore[arg-type]

    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(imports, "_do_unit", killed)
        work_on_import(run_id=run.pk)

    let_lease_expire(run)
    recover(ImportRun)
    ImportRun.objects.update(due_at=timezone.now())
    work_on_import(run_id=run.pk)

    run.refresh_from_db()
    assert (run.step, counts(run)) == (ImportStep.IMPORTED, (2, 0, 1, 0))
    assert AuditEntry.objects.filter(action="courses.progress.mark").count() == 2


def test_an_imported_result_is_kept(cohort: Cohort, mona: Enrollment, facts: dict[str, object]):
    imported(csv_of(HEADINGS, row(cohort, 80)), **facts)

    with pytest.raises(IntegrityError), transaction.atomic():
        ImportedResult.objects.update(score=90)


def test_reading_results_costs_as_many_statements_for_three_lines_as_for_one(
    cohort: Cohort, facts: dict[str, object]
):
    numbers = [number(place) for place in range(3)]
    for one in numbers:
        trainee(cohort, one)

    def statements(count: int) -> int:
        data = csv_of(HEADINGS, *[row(cohort, 80, who=one) for one in numbers[:count]])
        with CaptureQueriesContext(connection) as queries:
            checked(data, **facts)
        return len(queries)

    statements(1)
    assert statements(1) == statements(3)


def test_who_teaches_the_cohort_brings_a_first_result_and_replaces_none(
    cohort: Cohort, mona: Enrollment, by: User, facts: dict[str, object]
):
    cohort.instructors.add(by)
    first = imported(csv_of(HEADINGS, row(cohort, 40, passed="راسبة")), **facts)

    second = checked(csv_of(HEADINGS, row(cohort, 90, days=1)), **facts)

    assert (counts(first), faults(second)) == ((1, 0, 0, 0), [(2, "", "CorrectedByTeacher")])
    assert mark_of(mona) == (40, False)
