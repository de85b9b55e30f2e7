"""Notices to trainees of exams in a room: planned, moved, canceled. Rows are written in the transaction of the act; a task sends each once.

What is changed in the timetable, which does not know of sittings, is found by the task.
"""

import datetime as dt
from collections.abc import Collection, Sequence

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext

from accounts.enums import NoticeState
from accounts.services.formatting import format_datetime, format_list
from accounts.services.notices import Letter, send_due
from assessment.enums import ExamNoticeKind
from assessment.models import ExamNotice, Sitting
from assessment.queries.exams import who_may_take_it
from courses.models import Enrollment

# A slip that is taken back by then is not told; of an exam that begins within the hour there is no time for that.
GATHERED_FOR = dt.timedelta(minutes=10)
AT_ONCE = dt.timedelta(hours=1)
# A change of an exam that begins so soon is a short message in the night, too.
SOON = dt.timedelta(hours=12)
# Characters of a title in a short message.
TITLE_CHARACTERS = 40
_OF_A_SITTING = (
    "class_session__cohort__program",
    "class_session__cohort__content_version",
    "class_session__cohort__completion_rule",
)


@transaction.atomic
def tell_of_sitting(*, sitting_id: int, kind: ExamNoticeKind) -> int:
    """Write notices to those who study in the cohort and may take the test. Returns how many; none of an exam that has begun.

    The sitting is locked. Who was not told that it is planned is told nothing of its cancellation, and of another time only that. Where the
    test is taken in another room at the same time, a cancellation is told as that room.
    """
    sitting = Sitting.objects.select_related(*_OF_A_SITTING).get(pk=sitting_id)
    session, now = sitting.class_session, timezone.now()
    sitting.told_starts_at, sitting.told_venue_id = session.starts_at, session.venue_id
    sitting.is_told_canceled = kind == ExamNoticeKind.CANCELED
    sitting.save(update_fields=["told_starts_at", "told_venue", "is_told_canceled"])
    if session.starts_at <= now:
        return 0
    waiting = ExamNotice.objects.filter(sitting_key=sitting.public_id, state=NoticeState.WAITING)
    # One that is being sent at this moment has an attempt.
    unsent = waiting.filter(kind=ExamNoticeKind.PLANNED, attempts=0)
    untold = set(unsent.values_list("person", flat=True))
    waiting.update(state=NoticeState.DROPPED)
    takers = who_may_take_it(session.cohort, sitting.quiz_key)
    people = set(Enrollment.objects.filter(pk__in=takers).values_list("person", flat=True))
    if kind != ExamNoticeKind.CANCELED:
        _write(sitting, kind, people - untold)
        _write(sitting, ExamNoticeKind.PLANNED, people & untold)
        return len(people)
    told = people - untold
    other = _at_the_same_time(sitting).first()
    if other is None:
        _write(sitting, kind, told)
    else:
        coming = ExamNotice.objects.filter(sitting_key=other.public_id, state=NoticeState.WAITING)
        _write(other, ExamNoticeKind.MOVED, told - set(coming.values_list("person", flat=True)))
    return len(told)


def _at_the_same_time(sitting: Sitting) -> QuerySet[Sitting]:
    """The other sittings of the cohort with this test then, in other rooms."""
    session = sitting.class_session
    rows = Sitting.objects.of(session.cohort_id, sitting.quiz_key).ahead()
    rows = rows.filter(class_session__starts_at=session.starts_at).exclude(pk=sitting.pk)
    return rows.select_related("class_session__venue")


def _write(sitting: Sitting, kind: ExamNoticeKind, people: Collection[int]) -> None:
    session, now = sitting.class_session, timezone.now()
    may_wait = kind == ExamNoticeKind.PLANNED and session.starts_at - now > AT_ONCE
    ExamNotice.objects.bulk_create(
        [
            ExamNotice(
                class_session=session,
                sitting_key=sitting.public_id,
                title=sitting.title,
                kind=kind,
                starts_at=session.starts_at,
                venue_id=session.venue_id,
                sequence=session.sequence,
                person_id=person,
                due_at=now + GATHERED_FOR if may_wait else now,
            )
            for person in sorted(people)
        ],
        # Another run may have written the same at this moment: the constraint keeps one.
        ignore_conflicts=True,
    )


def find_changes() -> int:
    """Write notices of exams that were moved or canceled in the timetable. Returns how many."""
    return sum(_tell_of_change(key) for key in _changed().values_list("pk", flat=True))


def _changed() -> QuerySet[Sitting]:
    """Those ahead that are no longer as they were told. One query."""
    rows = Sitting.objects.filter(
        ended_at=None, is_told_canceled=False, class_session__starts_at__gt=timezone.now()
    )
    # A room that is not known yet is none of them.
    rows = rows.alias(was_in=Coalesce("told_venue_id", 0), is_in=Coalesce("class_session__venue_id", 0))
    return rows.filter(
        Q(told_starts_at=None)
        | Q(class_session__canceled_at__isnull=False)
        | ~Q(class_session__starts_at=F("told_starts_at"))
        | ~Q(was_in=F("is_in"))
    ).order_by("pk")


@transaction.atomic
def _tell_of_change(sitting_id: int) -> int:
    free = Sitting.objects.select_for_update(of=("self",), skip_locked=True).filter(pk=sitting_id)
    sitting = free.select_related("class_session").first()
    # Another worker has it, or it was canceled meanwhile.
    if sitting is None or not _changed().filter(pk=sitting_id).exists():
        return 0
    is_canceled = sitting.class_session.canceled_at is not None
    if sitting.told_starts_at is None:
        Sitting.objects.filter(pk=sitting_id).update(
            told_starts_at=sitting.class_session.starts_at,
            told_venue=sitting.class_session.venue_id,
            is_told_canceled=is_canceled,
        )
        return 0
    kind = ExamNoticeKind.CANCELED if is_canceled else ExamNoticeKind.MOVED
    return tell_of_sitting(sitting_id=sitting_id, kind=kind)


def send_exam_notices(*, at_most: int = 500) -> int:
    """Send what is due, one letter to a person. Returns how many people were written to."""
    find_changes()
    notices = ExamNotice.objects.select_related("class_session__cohort__center", "venue")
    return send_due(
        notices.order_by("starts_at", "pk"), is_still_true=_is_still_true, letter=_letter, at_most=at_most
    )


def _is_still_true(notice: ExamNotice) -> bool:
    """Not of what has begun; nor where it was moved, canceled or planned again since: that is told, too."""
    now = timezone.now()
    sitting = Sitting.objects.filter(public_id=notice.sitting_key, class_session__canceled_at=None)
    if notice.kind == ExamNoticeKind.CANCELED:
        return notice.starts_at > now and not sitting.exists()
    session = notice.class_session
    is_as_told = (session.starts_at, session.venue_id) == (notice.starts_at, notice.venue_id)
    return is_as_told and notice.starts_at > now and sitting.filter(ended_at=None).exists()


def _letter(notices: Sequence[ExamNotice]) -> Letter:
    address = f"{settings.SITE_URL}{reverse('courses:my_learning')}"
    # One line for a test in two rooms.
    lines = "\n\n".join(dict.fromkeys(_line(notice) for notice in notices))
    soon = timezone.now() + SOON
    return Letter(
        subject=_subject(notices),
        body="\n\n".join([lines, gettext("Your courses and exams: %(address)s") % {"address": address}]),
        on_site=lines,
        link=address,
        text=_short(notices, address),
        may_wake=any(one.kind != ExamNoticeKind.PLANNED and one.starts_at < soon for one in notices),
        is_for_many=True,
    )


def _subject(notices: Sequence[ExamNotice]) -> str:
    titles = {notice.title for notice in notices}
    if len(titles) > 1:
        return gettext("News about your exams")
    return gettext("Exam: %(title)s") % {"title": titles.pop()}


def _rooms(notice: ExamNotice) -> str:
    """The room; where the test is taken in several at once, all of them."""
    sitting = (
        Sitting.objects.select_related("class_session__venue").filter(public_id=notice.sitting_key).first()
    )
    held = [sitting, *_at_the_same_time(sitting)] if sitting else []
    rooms = sorted({one.class_session.venue.name for one in held if one.class_session.venue})
    if len(rooms) > 1:
        return gettext("one of the rooms %(rooms)s: your center tells you which") % {
            "rooms": format_list(rooms)
        }
    return gettext("“%(room)s”") % {"room": rooms[0]} if rooms else ""


def _facts(notice: ExamNotice) -> dict[str, object]:
    return {
        "title": notice.title,
        "when": format_datetime(notice.starts_at, "LONG_DAY_TIME_FORMAT"),
        "room": _rooms(notice) if notice.kind != ExamNoticeKind.CANCELED else "",
        "center": notice.class_session.cohort.center,
        "reason": notice.class_session.cancel_reason,
    }


def _line(notice: ExamNotice) -> str:
    match notice.kind, notice.venue_id is not None, bool(notice.class_session.cancel_reason):
        case ExamNoticeKind.CANCELED, _, True:
            said = gettext("The exam “%(title)s” on %(when)s is not held: %(reason)s")
        case ExamNoticeKind.CANCELED, _, False:
            said = gettext("The exam “%(title)s” on %(when)s is not held.")
        case ExamNoticeKind.MOVED, True, _:
            said = gettext(
                "The exam “%(title)s” has changed: it is on %(when)s now, in “%(room)s”, %(center)s."
            )
        case ExamNoticeKind.MOVED, False, _:
            said = gettext(
                "The exam “%(title)s” has changed: it is on %(when)s now, at %(center)s. The room is not fixed yet."
            )
        case _, True, _:
            said = gettext(
                "You take the exam “%(title)s” on %(when)s, at %(center)s, in %(room)s. You are told the code to start it in the room."
            )
        case _:
            said = gettext(
                "You take the exam “%(title)s” on %(when)s, at %(center)s. The room is not fixed yet."
            )
    return said % _facts(notice)


def _short(notices: Sequence[ExamNotice], address: str) -> str:
    """The short message."""
    if len(notices) > 1:
        return gettext("There is news about your exams: %(address)s") % {"address": address}
    (notice,) = notices
    sentences = {
        ExamNoticeKind.PLANNED: gettext("Your exam “%(title)s” is on %(when)s. %(address)s"),
        ExamNoticeKind.MOVED: gettext("Your exam “%(title)s” has changed: it is on %(when)s. %(address)s"),
        ExamNoticeKind.CANCELED: gettext("Your exam “%(title)s” on %(when)s is not held. %(address)s"),
    }
    return sentences[ExamNoticeKind(notice.kind)] % {
        "title": Truncator(notice.title).chars(TITLE_CHARACTERS),
        "when": format_datetime(notice.starts_at, "DAY_TIME_FORMAT"),
        "address": address,
    }
