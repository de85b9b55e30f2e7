"""What erasing a person does with learning: records of study and attendance stay, what was written for people goes."""

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from accounts.errors import DomainError
from accounts.models import Person
from accounts.services.erasing import register_erasure_guard, rows_go, words_go, words_stay
from accounts.services.retention import keep_for
from courses.enums import ComplaintState, EnrollmentState, HoldState
from courses.models import (
    Announcement,
    Answer,
    AttendanceNotice,
    AttendanceRecord,
    CallBack,
    CodeCheckIn,
    Complaint,
    ComplaintEvent,
    ConfirmedCompletion,
    Eligibility,
    Enrollment,
    ImportedResult,
    MarkObjection,
    MutedTrainee,
    PracticalResult,
    Question,
    QuestionNotice,
    ScoreCorrection,
    SeatHold,
    Transfer,
    UnitProgress,
    WaitingEntry,
)
from courses.services.imports import RETENTION
from courses.services.seats import ON_THE_LIST

STUDY = _(
    "Records of study are the evidence of certificates, for their holder and for who relies on them. They name no one any more."
)
ATTENDANCE = _("Attendance is the record by which training was paid for. It names no one any more.")
COMPLAINTS = _(
    "A complaint and its answer are kept for the years in which either side may need them, then all of it is deleted."
)


class StillLearns(DomainError):
    message = _(
        "“%(person)s” has a seat, or waits for one, in cohort %(cohort)s. Withdraw it, or wait until the cohort is closed."
    )


class ComplaintOpen(DomainError):
    message = _("A complaint of this person is not answered yet. Close it first.")


@register_erasure_guard
def still_learns(person: Person) -> DomainError | None:
    seats = (
        Enrollment.objects.filter(person=person, state=EnrollmentState.ACTIVE),
        SeatHold.objects.filter(person=person, state=HoldState.HELD),
        WaitingEntry.objects.filter(person=person, state__in=ON_THE_LIST),
    )
    for rows in seats:
        if (row := rows.select_related("cohort").first()) is not None:
            return StillLearns(person=person.name, cohort=row.cohort.code)
    return None


@register_erasure_guard
def complaint_open(person: Person) -> DomainError | None:
    complaints = Complaint.objects.filter(person=person).exclude(state=ComplaintState.CLOSED)
    return ComplaintOpen() if complaints.exists() else None


rows_go(CallBack)
words_go(SeatHold, "note")
words_go(MutedTrainee, "reason")
words_go(Announcement, "subject_ar", "body_ar", "subject_en", "body_en", "short_ar", "short_en")
words_go(AttendanceNotice, "answer")
words_go(QuestionNotice, "reason")
words_go(Question, "hidden_for")
words_go(Answer, "hidden_for")
words_stay(Enrollment, because=STUDY)
for model, columns in (
    (UnitProgress, ("watched",)),
    (Eligibility, ("evidence",)),
    (PracticalResult, ("task_code", "remark")),
    (Transfer, ("reason",)),
    (ImportedResult, ()),
):
    words_stay(model, *columns, of="enrollment__person", because=STUDY)
words_stay(ScoreCorrection, "reason", of="progress__enrollment__person", because=STUDY)
words_stay(ConfirmedCompletion, "reason", of="eligibility__enrollment__person", because=STUDY)
words_stay(AttendanceRecord, "reason", of="enrollment__person", because=ATTENDANCE)
words_stay(CodeCheckIn, "device", of="enrollment__person", because=ATTENDANCE)
words_stay(MarkObjection, "reason", "answer", of="record__enrollment__person", because=ATTENDANCE)
words_stay(Complaint, "text", "name", "phone", because=COMPLAINTS)
words_stay(ComplaintEvent, "text", of="complaint__person", because=COMPLAINTS)

keep_for(
    "courses.tasks.purge_imports",
    what=_("lists that a center imported, as files with names and numbers"),
    days=RETENTION,
)
keep_for(
    "courses.tasks.purge_call_backs",
    what=_("requests for a call, with the number, after they are closed"),
    days=lambda: settings.CALL_BACK_KEEP_DAYS,
)
keep_for(
    "courses.tasks.tend_complaints",
    what=_("complaints, after they are closed"),
    days=lambda: settings.COMPLAINT_KEEP_DAYS,
)
