"""What a merge of two records of one person does with live classes (`accounts.services.merge_rules`)."""

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.errors import DomainError
from accounts.models import Person, PersonMerge
from accounts.services.merge_rules import register_merge_guard, register_undo_guard, rows_move, rows_stay
from courses.models import Enrollment
from live.enums import LiveState, NoticeKind
from live.models import LiveSession, Notice, PresenceAnswer, PresenceMinute, PresenceReturn
from live.queries.admission import ADMITTED, sessions_for

RAW = (
    "Raw attendance is never changed and is under the digest of its class; what counts it asks for both records"
    " (`live.queries.presence`)."
)


class ClassGoesOn(DomainError):
    message = _(
        "A live class of one of the two, “%(session)s”, is going on, and attendance is being counted. Try again after it."
    )


def _not_told(notices: QuerySet[Notice], kept: Person) -> QuerySet[Notice]:
    """A notice that the kept record had as well stays: each is written once."""
    same = Notice.objects.filter(person=kept, session=OuterRef("session"))
    reminders = (NoticeKind.DAY, NoticeKind.HOUR)
    reminder = same.filter(kind=OuterRef("kind"), starts_at=OuterRef("starts_at"))
    change = same.filter(sequence=OuterRef("sequence")).exclude(kind__in=reminders)
    return notices.exclude(
        Q(Exists(reminder), kind__in=reminders) | (~Q(kind__in=reminders) & Q(Exists(change)))
    )


rows_move(Notice, only=_not_told)
rows_stay(PresenceMinute, because=RAW)
rows_stay(PresenceReturn, because=RAW)
rows_stay(PresenceAnswer, because=RAW)


def _class_that_goes_on(*records: Person) -> DomainError | None:
    enrolled = Enrollment.objects.filter(person__in=records, state__in=ADMITTED)
    open_rooms = LiveSession.objects.filter(sessions_for(enrolled.values("cohort")), state=LiveState.OPEN)
    session = open_rooms.select_related("class_session").first()
    return ClassGoesOn(session=str(session.class_session.title)) if session else None


@register_merge_guard
def class_of_either_goes_on(kept: Person, duplicate: Person) -> DomainError | None:
    return _class_that_goes_on(kept, duplicate)


@register_undo_guard
def class_goes_on(merge: PersonMerge) -> DomainError | None:
    return _class_that_goes_on(merge.kept)
