"""What a merge of two records of one person does with seats (`accounts.services.merge_rules`)."""

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.errors import DomainError
from accounts.models import Person
from accounts.services.merge_rules import register_merge_guard, rows_move, rows_stay
from courses.enums import EnrollmentState, HoldState
from courses.models import (
    Announcement,
    AnnouncementNotice,
    Answer,
    AttendanceNotice,
    CallBack,
    Cohort,
    Complaint,
    CorrectionNotice,
    Enrollment,
    MutedTrainee,
    MuteNotice,
    PostReport,
    Question,
    QuestionNotice,
    SeatHold,
    SeatNotice,
    WaitingEntry,
)
from courses.services.seats import ON_THE_LIST


class BothInOneCohort(DomainError):
    message = _(
        "Both records are in cohort %(cohort)s: enrolled, waiting, or with a seat that is kept. A person is there once. Withdraw or end one of the"
        " two there first; two enrollments in one cohort are never merged."
    )


class BothInOneProgram(DomainError):
    message = _(
        "Both records learn in “%(program)s” now, and a person takes a program once at a time. Withdraw one of the two first."
    )


def _not_told(notices: QuerySet[CorrectionNotice], kept: Person) -> QuerySet[CorrectionNotice]:
    """A correction is told to one person once."""
    return notices.exclude(correction__in=CorrectionNotice.objects.filter(person=kept).values("correction"))


def _not_announced(notices: QuerySet[AnnouncementNotice], kept: Person) -> QuerySet[AnnouncementNotice]:
    """A message is for one person once."""
    return notices.exclude(
        announcement__in=AnnouncementNotice.objects.filter(person=kept).values("announcement")
    )


def _not_reported(reports: QuerySet[PostReport], kept: Person) -> QuerySet[PostReport]:
    """A person reports a question, or an answer to it, once."""
    own = PostReport.objects.filter(person=kept, question=OuterRef("question"))
    same_answer = own.filter(answer=OuterRef("answer"))
    return reports.exclude(Exists(same_answer)).exclude(Exists(own.filter(answer=None)), answer=None)


def _not_muted(rows: QuerySet[MutedTrainee], kept: Person) -> QuerySet[MutedTrainee]:
    """Once in a cohort at a time."""
    open_ones = MutedTrainee.objects.filter(person=kept, ended_at=None)
    return rows.exclude(ended_at=None, cohort__in=open_ones.values("cohort"))


rows_stay(
    CallBack,
    because="it is deleted within weeks, and a person has one open request with a number at a desk",
)
rows_move(Enrollment)
rows_move(Question)
rows_move(Answer)
rows_move(QuestionNotice)
rows_move(PostReport, only=_not_reported)
rows_move(MutedTrainee, only=_not_muted)
rows_move(MuteNotice)
rows_move(Announcement)
rows_move(AnnouncementNotice, only=_not_announced)
rows_move(SeatHold)
rows_move(WaitingEntry)
rows_move(SeatNotice)
rows_move(AttendanceNotice)
rows_move(CorrectionNotice, only=_not_told)
rows_stay(
    Complaint,
    because="who merges sees how many rows move, and the complaint may be about them; its person's pages read those of both records",
)


def _tied_to(record: Person) -> Q:
    """Cohorts in which the person has a seat or had one, keeps one or waits for one."""
    enrolled = Enrollment.objects.filter(person=record)
    held = SeatHold.objects.filter(person=record, state=HoldState.HELD)
    waiting = WaitingEntry.objects.filter(person=record, state__in=ON_THE_LIST)
    return (
        Q(pk__in=enrolled.values("cohort"))
        | Q(pk__in=held.values("cohort"))
        | Q(pk__in=waiting.values("cohort"))
    )


@register_merge_guard
def both_in_one_cohort(kept: Person, duplicate: Person) -> DomainError | None:
    cohort = Cohort.objects.filter(_tied_to(kept)).filter(_tied_to(duplicate)).first()
    return BothInOneCohort(cohort=cohort.code) if cohort else None


@register_merge_guard
def both_in_one_program(kept: Person, duplicate: Person) -> DomainError | None:
    active = Enrollment.objects.filter(state=EnrollmentState.ACTIVE)
    programs = active.filter(person=kept).values("cohort__program")
    twice = (
        active.filter(person=duplicate, cohort__program__in=programs)
        .select_related("cohort__program")
        .first()
    )
    return BothInOneProgram(program=twice.cohort.program.title) if twice else None
