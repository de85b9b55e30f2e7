"""Notices to trainees about marks of attendance that were corrected once they were final: what changed, and how to object."""

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
from courses.models import AttendanceNotice, AttendanceRecord

# Staff who correct one sheet after the other, or a slip of their own, write one letter.
GATHERED_FOR = dt.timedelta(minutes=30)


@transaction.atomic
def tell_of_correction(*, record: AttendanceRecord) -> None:
    """Tell the person of a mark what it was before. One that was not told yet is told with this one, or not at all where it is as it was."""
    person_id = record.enrollment.person_id
    waiting = AttendanceNotice.objects.filter(person=person_id, state=NoticeState.WAITING)
    due_at = waiting.aggregate(first=Min("due_at"))["first"] or timezone.now() + GATHERED_FOR
    unsent = waiting.filter(record=record.amends_id, attempts=0).select_related("before").first()
    before = unsent.before if unsent else record.amends
    if unsent:
        waiting.filter(pk=unsent.pk).update(state=NoticeState.DROPPED)
    if before is None or (before.status, before.minutes) == (record.status, record.minutes):
        return
    AttendanceNotice.objects.create(record=record, before=before, person_id=person_id, due_at=due_at)


def send_attendance_notices(*, at_most: int = 500) -> int:
    """Send what is due, one letter to a person. Returns how many people were written to."""
    notices = AttendanceNotice.objects.select_related("record__session__cohort__program", "before")
    return send_due(
        notices.order_by("record__session__starts_at", "pk"),
        is_still_true=_is_still_true,
        letter=_letter,
        at_most=at_most,
    )


def _is_still_true(notice: AttendanceNotice) -> bool:
    return notice.record.is_current


def _letter(notices: Sequence[AttendanceNotice]) -> Letter:
    address = f"{settings.SITE_URL}{reverse('courses:my_learning')}"
    complaint = f"{settings.SITE_URL}{reverse('courses:complain')}"
    subject = ngettext(
        "A mark of your attendance was corrected",
        "%(count)s marks of your attendance were corrected",
        len(notices),
    ) % {"count": format_number(len(notices))}
    lines = "\n".join(_line(notice) for notice in notices)
    why = gettext("Your center tells you the reason.")
    wrong = gettext("If you think that this is wrong, ask at your center, or complain here: %(address)s")
    on_site = gettext("If you think that this is wrong, ask at your center, or complain.")
    return Letter(
        subject=subject,
        body="\n\n".join([lines, why, wrong % {"address": complaint}]),
        on_site=f"{lines}\n\n{why} {on_site}",
        link=address,
        text=gettext("%(what)s. See it: %(address)s") % {"what": subject, "address": address},
    )


def _line(notice: AttendanceNotice) -> str:
    session = notice.record.session
    return gettext("%(session)s, %(day)s (%(program)s): from “%(before)s” to “%(after)s”") % {
        "session": session.title,
        "day": format_date(session.starts_at, "LONG_DATE_FORMAT"),
        "program": session.cohort.program.title,
        "before": _said(notice.before),
        "after": _said(notice.record),
    }


def _said(record: AttendanceRecord) -> str:
    if not record.minutes:
        return record.get_status_display()
    minutes = ngettext("%(count)s minute", "%(count)s minutes", record.minutes) % {
        "count": format_number(record.minutes)
    }
    return gettext("%(mark)s, %(minutes)s") % {"mark": record.get_status_display(), "minutes": minutes}
