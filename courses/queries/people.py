"""What the page of a person in the staff workplace shows of study and seats."""

from collections.abc import Iterable

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.enums import Act
from accounts.models import Person, User
from accounts.scoping import fenced
from accounts.scoping.people import MOST_ROWS, Cell, PersonTable, register_person_table
from accounts.services.formatting import format_date
from accounts.services.personal_data import Row, register_personal_data
from courses.enums import EnrollmentState
from courses.models import (
    AttendanceNotice,
    AttendanceRecord,
    CodeCheckIn,
    CorrectionNotice,
    Enrollment,
    ImportedResult,
    PracticalResult,
    SeatNotice,
    UnitProgress,
    WaitingEntry,
)


def own_seats(person: Person, *, by: User) -> QuerySet[Enrollment]:
    """The seats that a person has now where `by` sees cohorts, newest first."""
    active = Enrollment.objects.filter(person=person, state=EnrollmentState.ACTIVE)
    seats = fenced(active, user=by, act=Act.VIEW_COHORTS)
    return seats.select_related("cohort__program", "cohort__center").order_by("-enrolled_at", "-pk")


@register_person_table
def enrollments_of_person(person: Person, user: User) -> PersonTable:
    """Where the person studies and studied: each leads to its units, attendance and scores."""
    everywhere = Enrollment.objects.filter(person=person)
    visible = fenced(everywhere, user=user, act=Act.VIEW_COHORTS)
    rows = visible.select_related("cohort__program", "cohort__center").order_by("-enrolled_at")[:MOST_ROWS]
    return PersonTable(
        title=_("Enrollments"),
        headings=(_("Cohort"), _("Program"), _("Center"), _("Enrolled on"), _("State")),
        rows=[
            (
                Cell(enrollment.cohort.code, reverse("enrollment:inspect", args=[enrollment.pk])),
                Cell(enrollment.cohort.program.title),
                Cell(enrollment.cohort.center),
                Cell(format_date(enrollment.enrolled_at)),
                Cell(enrollment.get_state_display()),
            )
            for enrollment in rows
        ],
        elsewhere=everywhere.exclude(pk__in=visible.values("pk")).count(),
    )


@register_person_table
def seat_notices_of_person(person: Person, user: User) -> PersonTable:
    """What the person was told about seats, and whether it reached them."""
    everywhere = SeatNotice.objects.filter(person=person)
    visible = fenced(everywhere, user=user, act=Act.VIEW_COHORTS)
    rows = visible.select_related("cohort").order_by("-pk")[:MOST_ROWS]
    return PersonTable(
        title=_("Messages about seats"),
        headings=(_("What"), _("Cohort"), _("Written on"), _("State")),
        rows=[
            (
                Cell(notice.get_kind_display()),
                Cell(notice.cohort.code),
                Cell(format_date(notice.created_at)),
                Cell(notice.get_state_display()),
            )
            for notice in rows
        ],
        elsewhere=everywhere.exclude(pk__in=visible.values("pk")).count(),
    )


@register_personal_data("enrollments")
def enrollment_rows(person: Person) -> Iterable[Row]:
    named = (
        "cohort__code",
        "cohort__program__title",
        "state",
        "enrolled_at",
        "completed_at",
        "withdrawn_for",
    )
    return person.enrollments.values(*named).iterator()


@register_personal_data("units")
def unit_rows(person: Person) -> Iterable[Row]:
    named = ("enrollment__cohort__code", "unit_key", "score", "scores", "passed", "completed_at")
    return UnitProgress.objects.filter(enrollment__person=person).values(*named).iterator()


@register_personal_data("imported_results")
def imported_result_rows(person: Person) -> Iterable[Row]:
    named = ("enrollment__cohort__code", "unit_key", "taken_on", "score", "passed")
    return ImportedResult.objects.filter(enrollment__person=person).values(*named).iterator()


@register_personal_data("practical_results")
def practical_result_rows(person: Person) -> Iterable[Row]:
    named = ("enrollment__cohort__code", "task_code", "score", "passed", "remark", "at")
    return PracticalResult.objects.filter(enrollment__person=person).values(*named).iterator()


@register_personal_data("attendance")
def attendance_rows(person: Person) -> Iterable[Row]:
    named = ("session__title", "session__starts_at", "status", "minutes", "reason", "recorded_at")
    records = AttendanceRecord.objects.filter(enrollment__person=person, is_current=True)
    return records.values(*named).iterator()


@register_personal_data("attendance_codes")
def code_rows(person: Person) -> Iterable[Row]:
    named = ("session__title", "session__starts_at", "marked_at", "refused", "device")
    return CodeCheckIn.objects.filter(enrollment__person=person).values(*named).iterator()


@register_personal_data("waiting_lists")
def waiting_rows(person: Person) -> Iterable[Row]:
    named = ("cohort__code", "since", "state", "ended_at")
    return WaitingEntry.objects.filter(person=person).values(*named).iterator()


@register_personal_data("messages_about_seats")
def notice_rows(person: Person) -> Iterable[Row]:
    named = ("kind", "cohort__code", "state", "created_at", "sent_at")
    return SeatNotice.objects.filter(person=person).values(*named).iterator()


@register_personal_data("messages_about_corrections")
def correction_notice_rows(person: Person) -> Iterable[Row]:
    named = ("correction__note", "state", "created_at", "sent_at")
    return CorrectionNotice.objects.filter(person=person).values(*named).iterator()


@register_personal_data("messages_about_attendance")
def attendance_notice_rows(person: Person) -> Iterable[Row]:
    named = (
        "kind",
        "record__session__title",
        "before__status",
        "record__status",
        "answer",
        "state",
        "created_at",
        "sent_at",
    )
    return AttendanceNotice.objects.filter(person=person).values(*named).iterator()
