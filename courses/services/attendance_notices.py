"""Notices to trainees about marks of attendance that were corrected once they were final, and the answers to objections."""

import datetime as dt
from collections.abc import Sequence

from django.conf import settings
from django.db import transaction
from django.db.models import Min
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext

from accounts.enums import NoticeState
from accounts.services.formatting import format_date, format_number
from accounts.services.notices import Letter, send_due
from courses.enums import AttendanceNoticeKind
from courses.models import AttendanceNotice, AttendanceRecord
from courses.queries.own_attendance import mark_with_minutes

# Staff who correct one sheet after the other, or a slip of their own, write one letter.
GATHERED_FOR = dt.timedelta(minutes=30)


@transaction.atomic
def tell_of_correction(*, record: AttendanceRecord) -> None:
    """Tell the person of a mark what it was before. One that was not told yet is told with this one, or not at all where it is as it was."""
    person_id = record.enrollment.person_id
    waiting = AttendanceNotice.objects.filter(
        person=person_id, kind=AttendanceNoticeKind.CORRECTED, state=NoticeState.WAITING
    )
    due_at = waiting.aggregate(first=Min("due_at"))["first"] or timezone.now() + GATHERED_FOR
    unsent = waiting.filter(record=record.amends_id, attempts=0).select_related("before").first()
    before = unsent.before if unsent else record.amends
    if unsent:
        waiting.filter(pk=unsent.pk).update(state=NoticeState.DROPPED)
    if before is None or (before.status, before.minutes) == (record.status, record.minutes):
        return
    AttendanceNotice.objects.create(record=record, before=before, person_id=person_id, due_at=due_at)


@transaction.atomic
def tell_of_answer(*, record: AttendanceRecord, is_granted: bool, answer: str) -> None:
    """Tell the answer to an objection at once, with the mark that came of it or stays. A grant tells what a correction would."""
    person_id = record.enrollment.person_id
    if is_granted:
        AttendanceNotice.objects.filter(
            record=record, kind=AttendanceNoticeKind.CORRECTED, state=NoticeState.WAITING, attempts=0
        ).update(state=NoticeState.DROPPED)
    kind = AttendanceNoticeKind.GRANTED if is_granted else AttendanceNoticeKind.REFUSED
    AttendanceNotice.objects.create(record=record, kind=kind, answer=answer, person_id=person_id)


def send_attendance_notices(*, at_most: int = 500) -> int:
    """Send what is due, one letter to a person. Returns how many people were written to."""
    notices = AttendanceNotice.objects.select_related(
        "record__session__cohort__program", "record__enrollment", "before"
    )
    return send_due(
        notices.order_by("record__session__starts_at", "pk"),
        is_still_true=_is_still_true,
        letter=_letter,
        at_most=at_most,
    )


def _is_still_true(notice: AttendanceNotice) -> bool:
    return notice.kind != AttendanceNoticeKind.CORRECTED or notice.record.is_current


def _letter(notices: Sequence[AttendanceNotice]) -> Letter:
    """With where to object to a correction: on the page of the own attendance, for some days."""
    address = f"{settings.SITE_URL}{_page(notices)}"
    subject = _subject(notices)
    lines = "\n".join(_line(notice) for notice in notices)
    if any(notice.kind == AttendanceNoticeKind.CORRECTED for notice in notices):
        closing = gettext(
            "Your center tells you the reason. If you think that this is wrong, you can object for some days:"
        )
        on_site = f"{lines}\n\n{closing.rstrip(':')}."
    else:
        closing, on_site = gettext("See your attendance:"), lines
    return Letter(
        subject=subject,
        body=f"{lines}\n\n{closing} {address}",
        on_site=on_site,
        link=address,
        text=gettext("%(what)s. See it: %(address)s") % {"what": subject, "address": address},
    )


def _page(notices: Sequence[AttendanceNotice]) -> str:
    """Of the enrollment, where they are all of one."""
    enrollments = {notice.record.enrollment.public_id for notice in notices}
    if len(enrollments) > 1:
        return reverse("courses:my_learning")
    return reverse("courses:own_attendance", args=[enrollments.pop()])


def _subject(notices: Sequence[AttendanceNotice]) -> str:
    kinds = {AttendanceNoticeKind(notice.kind) for notice in notices}
    if kinds == {AttendanceNoticeKind.CORRECTED}:
        return ngettext(
            "A mark of your attendance was corrected",
            "%(count)s marks of your attendance were corrected",
            len(notices),
        ) % {"count": format_number(len(notices))}
    if AttendanceNoticeKind.CORRECTED in kinds:
        return gettext("Marks of your attendance were corrected, and an objection was answered")
    if len(notices) > 1:
        return gettext("Your objections to marks of attendance were answered")
    if kinds == {AttendanceNoticeKind.GRANTED}:
        return gettext("Your objection to a mark of attendance was granted")
    return gettext("Your objection to a mark of attendance was refused")


def _line(notice: AttendanceNotice) -> str:
    session = notice.record.session
    return _sentence(notice) % {
        "session": session.title,
        "day": format_date(session.starts_at, "LONG_DATE_FORMAT"),
        "program": session.cohort.program.title,
        "before": mark_with_minutes(notice.before) if notice.before else "",
        "mark": mark_with_minutes(notice.record),
        # In one line, as its sentence.
        "answer": " ".join(notice.answer.split()),
    }


def _sentence(notice: AttendanceNotice) -> str:
    match AttendanceNoticeKind(notice.kind):
        case AttendanceNoticeKind.GRANTED:
            return gettext(
                "%(session)s, %(day)s (%(program)s): your objection was granted, and the mark became “%(mark)s”. The answer: “%(answer)s”."
            )
        case AttendanceNoticeKind.REFUSED:
            return gettext(
                "%(session)s, %(day)s (%(program)s): your objection to the mark “%(mark)s” was refused. The answer: “%(answer)s”."
            )
        case AttendanceNoticeKind.CORRECTED:
            return gettext("%(session)s, %(day)s (%(program)s): from “%(before)s” to “%(mark)s”.")
