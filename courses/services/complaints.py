"""What is done with complaints: made, taken, asked about, handed over, answered, reopened.

Each is an event that is never changed; state, level and moments of a complaint are read from its events again after each.
Nothing is logged in the audit trail (`ComplaintEvent` says why).
"""

import datetime as dt

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.enums import Act, MembershipScope
from accounts.errors import DomainError
from accounts.models import Center, Person, User
from accounts.scoping import fenced, memberships_with
from accounts.services.names import tidy_name
from courses.enums import (
    ComplaintChannel,
    ComplaintEventKind,
    ComplaintLevel,
    ComplaintNoticeKind,
    ComplaintOutcome,
    ComplaintState,
)
from courses.models import (
    Cohort,
    Complaint,
    ComplaintEvent,
    ComplaintNotice,
    HiddenComplaint,
    ProgramPage,
)
from courses.queries.complaints import (
    LEVEL_OF_SCOPE,
    Subjects,
    accused_by,
    answerable_by,
    days_to_answer,
    may_be_reopened,
    may_be_taken_back,
    visible_to,
)
from courses.services.complaint_events import (
    SHOWN,
    lock_complaint,
    read_events,
    record_event,
    show_reading,
    tidy_text,
)

ROWS_AT_ONCE = 200


class NotOfThatPerson(DomainError):
    message = _("Choose a cohort, a center or a member of staff that this person has to do with.")


class NotYourComplaint(DomainError):
    message = _("This complaint is no longer yours to answer.")


class AnsweredBefore(DomainError):
    message = _("You had part in the first answer. Other people answer it this time; you may read it.")


class ComplaintClosed(DomainError):
    message = _("This complaint has its answer already.")


class TakenAlready(DomainError):
    message = _("You took this complaint already.")


class AskedAlready(DomainError):
    message = _("A question waits for its answer already.")


class NothingAsked(DomainError):
    message = _("No question waits for an answer.")


class NoHigherLevel(DomainError):
    message = _("The complaint is at this level or above it already.")


class NotToBeTakenBack(DomainError):
    message = _("Only an answer of staff can be taken back, and only by the ministry.")


class NotToBeReopened(DomainError):
    message = _(
        "This complaint cannot be reopened: only once, and only within the days that the answer names."
    )


@transaction.atomic
def file_complaint(
    *,
    kind: str,
    channel: str,
    text: str,
    name: str,
    phone: str,
    language: str,
    person: Person | None = None,
    program: ProgramPage | None = None,
    cohort: Cohort | None = None,
    staff: User | None = None,
    center: Center | None = None,
    by: User | None = None,
) -> Complaint:
    """Make a complaint; `by` is who is logged in, the person or staff at the desk.

    It is handled where it happened, from the lowest level on at which somebody may answer it. Raises `TextMissing`, `TextTooLong`,
    `NotOfThatPerson`.
    """
    text = tidy_text(text)
    _require_theirs(Subjects(person, by if channel == ComplaintChannel.DESK else None), cohort, staff)
    if cohort is not None:
        center, program = cohort.center, cohort.program
    accused = accused_by(kind=kind, cohort=cohort, staff=staff, center=center, person=person)
    if person is not None:
        accused |= set(User.objects.filter(person=person).values_list("pk", flat=True))
    now = timezone.now()
    complaint = Complaint(
        kind=kind,
        channel=channel,
        text=text,
        name=tidy_name(name),
        phone=phone,
        language=language,
        person=person,
        program=program,
        cohort=cohort,
        staff=staff,
        center=center,
        filed_by=by,
        filed_at=now,
        days_owed=days_to_answer(kind, person=person, center=center),
        days_to_take=settings.COMPLAINT_TAKE_DAYS,
        days_to_wait=settings.COMPLAINT_WAIT_DAYS,
    )
    filed = ComplaintEvent(
        complaint=complaint, kind=ComplaintEventKind.FILED, at=now, by=by, level=ComplaintLevel.CENTER
    )
    show_reading(complaint, read_events(complaint, [filed]))
    complaint.save(force_insert=True)
    filed.save()
    HiddenComplaint.objects.bulk_create(
        HiddenComplaint(complaint=complaint, user_id=login) for login in sorted(accused)
    )
    return complaint


def _require_theirs(subjects: Subjects, cohort: Cohort | None, staff: User | None) -> None:
    if cohort is not None and not subjects.cohorts.filter(pk=cohort.pk).exists():
        raise NotOfThatPerson
    if staff is not None and not subjects.staff.filter(pk=staff.pk).exists():
        raise NotOfThatPerson


# By staff


@transaction.atomic
def take_complaint(*, complaint_id: int, by: User) -> Complaint:
    """Say that one works on it. Raises `NotYourComplaint`, `AnsweredBefore`, `ComplaintClosed`, `TakenAlready`."""
    complaint = _lock_open(complaint_id, by=by)
    if complaint.taken_by_id == by.pk:
        raise TakenAlready
    _take(complaint, by)
    return complaint


@transaction.atomic
def ask_citizen(*, complaint_id: int, text: str, by: User) -> Complaint:
    """Ask a question; the clock is stopped until the answer, or for `days_to_wait` at most.

    Raises `NotYourComplaint`, `AnsweredBefore`, `ComplaintClosed`, `AskedAlready`, `TextMissing`, `TextTooLong`.
    """
    complaint = _lock_open(complaint_id, by=by)
    if complaint.state == ComplaintState.ASKED:
        raise AskedAlready
    _take_unless_taken(complaint, by)
    record_event(complaint, ComplaintEventKind.ASKED, by=by, text=tidy_text(text))
    ComplaintNotice.objects.create(complaint=complaint, kind=ComplaintNoticeKind.QUESTION)
    return complaint


@transaction.atomic
def note_on_complaint(*, complaint_id: int, text: str, by: User) -> Complaint:
    """Write a note for colleagues. Raises `NotYourComplaint`, `AnsweredBefore`, `ComplaintClosed`, `TextMissing`, `TextTooLong`."""
    complaint = _lock_open(complaint_id, by=by)
    record_event(complaint, ComplaintEventKind.NOTED, by=by, text=tidy_text(text))
    return complaint


@transaction.atomic
def reply_at_desk(*, complaint_id: int, text: str, by: User) -> Complaint:
    """Write down what the citizen answered to staff. Raises as `note_on_complaint`, and `NothingAsked`."""
    complaint = _lock_open(complaint_id, by=by)
    _reply(complaint, text, by=by)
    return complaint


@transaction.atomic
def hand_over_complaint(*, complaint_id: int, level: int, reason: str, by: User) -> Complaint:
    """Give it to a higher level. Raises `NotYourComplaint`, `AnsweredBefore`, `ComplaintClosed`, `NoHigherLevel`, `TextMissing`, `TextTooLong`."""
    complaint = _lock_open(complaint_id, by=by)
    if not complaint.level < level <= ComplaintLevel.MINISTRY:
        raise NoHigherLevel
    complaint.taken_by = None
    record_event(complaint, ComplaintEventKind.HANDED_OVER, by=by, text=tidy_text(reason), level=level)
    return complaint


@transaction.atomic
def answer_complaint(*, complaint_id: int, outcome: str, text: str, by: User) -> Complaint:
    """Answer the citizen and close it. Raises `NotYourComplaint`, `AnsweredBefore`, `ComplaintClosed`, `TextMissing`, `TextTooLong`."""
    complaint = _lock_open(complaint_id, by=by)
    _take_unless_taken(complaint, by)
    _close(complaint, outcome, text=tidy_text(text), by=by)
    ComplaintNotice.objects.create(complaint=complaint, kind=ComplaintNoticeKind.ANSWER)
    return complaint


@transaction.atomic
def open_again(*, complaint_id: int, text: str, by: User) -> Complaint:
    """Take a wrong answer back: the ministry lets other people answer, with a new date; the citizen is told, and reads why.

    It leaves the citizen's own right to reopen it untouched. Raises `NotYourComplaint`, `AnsweredBefore`, `NotToBeTakenBack`, `TextMissing`,
    `TextTooLong`.
    """
    complaint = _lock_for(by, complaint_id)
    if not may_be_taken_back(complaint, by):
        raise NotToBeTakenBack
    _reopen(complaint, ComplaintLevel.MINISTRY, text=text, by=by)
    ComplaintNotice.objects.create(complaint=complaint, kind=ComplaintNoticeKind.REOPENED)
    return complaint


# By the citizen


@transaction.atomic
def reply_to_question(*, complaint_id: int, text: str) -> Complaint:
    """Raises `ComplaintClosed`, `NothingAsked`, `TextMissing`, `TextTooLong`."""
    complaint = lock_complaint(complaint_id)
    _require_open(complaint)
    _reply(complaint, text, by=None)
    return complaint


@transaction.atomic
def withdraw_complaint(*, complaint_id: int) -> Complaint:
    """Raises `ComplaintClosed`."""
    complaint = lock_complaint(complaint_id)
    _require_open(complaint)
    _close(complaint, ComplaintOutcome.WITHDRAWN, text="", by=None)
    return complaint


@transaction.atomic
def reopen_complaint(*, complaint_id: int, text: str) -> Complaint:
    """Once, within days of the answer: with a clock of its own, one level above that of the answer.

    Raises `NotToBeReopened`, `TextMissing`, `TextTooLong`.
    """
    complaint = lock_complaint(complaint_id)
    if not may_be_reopened(complaint):
        raise NotToBeReopened
    level = max(complaint.level, min(complaint.level + 1, ComplaintLevel.MINISTRY))
    _reopen(complaint, level, text=text, by=None)
    return complaint


# By tasks


def read_clocks_again() -> int:
    """Read the clocks of all open complaints again: holidays may have been added, people may teach or manage there since. Returns how many."""
    keys = list(
        Complaint.objects.exclude(state=ComplaintState.CLOSED).order_by("pk").values_list("pk", flat=True)
    )
    for key in keys:
        _read_clock_again(key)
    return len(keys)


@transaction.atomic
def _read_clock_again(complaint_id: int) -> None:
    complaint = lock_complaint(complaint_id)
    if complaint.state == ComplaintState.CLOSED:
        return
    show_reading(complaint, read_events(complaint, list(complaint.events.all())))
    complaint.save(update_fields=SHOWN)
    accused = accused_by(
        kind=complaint.kind,
        cohort=complaint.cohort,
        staff=complaint.staff,
        center=complaint.center,
        person=complaint.person,
    )
    HiddenComplaint.objects.bulk_create(
        [HiddenComplaint(complaint=complaint, user_id=login) for login in sorted(accused)],
        ignore_conflicts=True,
    )


def purge_complaints() -> int:
    """Delete complaints that were closed long ago, with all that belongs to them. Returns how many."""
    purged = 0
    old = Complaint.objects.filter(purge_after__lte=timezone.now()).order_by()
    while keys := list(old.values_list("pk", flat=True)[:ROWS_AT_ONCE]):
        Complaint.objects.filter(pk__in=keys).delete()
        purged += len(keys)
    return purged


# How it is done


def level_of(by: User, complaint: Complaint) -> ComplaintLevel:
    """The lowest level at which `by` answers this complaint."""
    held = memberships_with(by, Act.HANDLE_COMPLAINTS)
    here = {
        MembershipScope.CENTER: held.filter(scope=MembershipScope.CENTER, center=complaint.center_id),
        MembershipScope.GOVERNORATE: held.filter(
            scope=MembershipScope.GOVERNORATE, governorate__centers=complaint.center_id
        ),
        MembershipScope.MINISTRY: held.filter(scope=MembershipScope.MINISTRY),
    }
    for scope, level in LEVEL_OF_SCOPE.items():
        if (scope == MembershipScope.MINISTRY or complaint.center_id is not None) and here[scope].exists():
            return level
    return ComplaintLevel.LAST


def _lock_open(complaint_id: int, *, by: User) -> Complaint:
    complaint = _lock_for(by, complaint_id)
    _require_open(complaint)
    return complaint


def _lock_for(by: User, complaint_id: int) -> Complaint:
    complaint = lock_complaint(complaint_id)
    row = fenced(Complaint.objects.filter(pk=complaint.pk), user=by, act=Act.HANDLE_COMPLAINTS)
    if not visible_to(row, by).exists():
        raise NotYourComplaint
    if not answerable_by(row, by).exists():
        raise AnsweredBefore
    return complaint


def _require_open(complaint: Complaint) -> None:
    if complaint.state == ComplaintState.CLOSED:
        raise ComplaintClosed


def _take(complaint: Complaint, by: User) -> None:
    complaint.taken_by = by
    record_event(complaint, ComplaintEventKind.TAKEN, by=by, level=level_of(by, complaint))


def _take_unless_taken(complaint: Complaint, by: User) -> None:
    if complaint.taken_by_id != by.pk:
        _take(complaint, by)


def _reply(complaint: Complaint, text: str, *, by: User | None) -> None:
    if complaint.state != ComplaintState.ASKED:
        raise NothingAsked
    record_event(complaint, ComplaintEventKind.REPLIED, by=by, text=tidy_text(text))


def _reopen(complaint: Complaint, level: int, *, text: str, by: User | None) -> None:
    complaint.taken_by, complaint.outcome, complaint.purge_after = None, "", None
    record_event(complaint, ComplaintEventKind.REOPENED, by=by, text=tidy_text(text), level=level)


def _close(complaint: Complaint, outcome: str, *, text: str, by: User | None) -> None:
    complaint.outcome = outcome
    complaint.purge_after = timezone.now() + dt.timedelta(days=settings.COMPLAINT_KEEP_DAYS)
    record_event(complaint, ComplaintEventKind.CLOSED, by=by, text=text, outcome=outcome)
