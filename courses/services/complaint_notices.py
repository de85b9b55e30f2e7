"""Short messages about complaints: that there is a question or an answer, and where to read it. Without names or contents."""

from collections.abc import Sequence

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext

from accounts.services.notices import Letter, send_due
from courses.enums import ComplaintNoticeKind, ComplaintState
from courses.models import ComplaintNotice


def send_complaint_notices(*, at_most: int = 500) -> int:
    """Send what is due. Returns how many people were written to."""
    notices = ComplaintNotice.objects.select_related("complaint").order_by("pk")
    return send_due(notices, is_still_true=_is_still_true, letter=_letter, at_most=at_most)


def _is_still_true(notice: ComplaintNotice) -> bool:
    """A question that was answered is not announced, nor an answer after which the complaint was reopened."""
    if notice.kind == ComplaintNoticeKind.QUESTION:
        return notice.complaint.state == ComplaintState.ASKED
    return notice.complaint.state == ComplaintState.CLOSED


def _letter(notices: Sequence[ComplaintNotice]) -> Letter:
    """Of one complaint: the last thing that is true of it."""
    notice = notices[-1]
    facts = {
        "reference": str(notice.complaint),
        "address": f"{settings.SITE_URL}{reverse('courses:find_complaint')}",
    }
    if notice.kind == ComplaintNoticeKind.QUESTION:
        said = gettext("Complaint %(reference)s: there is a question for you. Read and answer: %(address)s")
    else:
        said = gettext("Complaint %(reference)s: the answer is there. Read it: %(address)s")
    return Letter(subject=gettext("Your complaint"), body=said % facts, text=said % facts)
