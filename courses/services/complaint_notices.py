"""Messages about complaints: that there is a question or an answer, or other people have it, and where to read it. Without names or
contents.
"""

from collections.abc import Sequence

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext

from accounts.services.notices import Letter, send_due
from courses.enums import ComplaintNoticeKind, ComplaintState
from courses.models import ComplaintNotice


def send_complaint_notices(*, at_most: int = 500) -> int:
    """Send what is due. Returns how many people were written to."""
    notices = ComplaintNotice.objects.select_related("complaint__person").order_by("pk")
    return send_due(notices, is_still_true=_is_still_true, letter=_letter, at_most=at_most)


def _is_still_true(notice: ComplaintNotice) -> bool:
    """A question that was answered is not announced, nor an answer after which the complaint was reopened, nor that after the next
    answer.
    """
    if notice.kind == ComplaintNoticeKind.QUESTION:
        return notice.complaint.state == ComplaintState.ASKED
    is_closed = notice.complaint.state == ComplaintState.CLOSED
    return is_closed is (notice.kind == ComplaintNoticeKind.ANSWER)


def _letter(notices: Sequence[ComplaintNotice]) -> Letter:
    """Of one complaint: the last thing that is true of it."""
    notice = notices[-1]
    complaint = notice.complaint
    facts = {
        "reference": str(complaint),
        "address": f"{settings.SITE_URL}{reverse('courses:find_complaint')}",
    }
    if notice.kind == ComplaintNoticeKind.QUESTION:
        said = gettext("Complaint %(reference)s: there is a question for you. Read and answer: %(address)s")
        on_site = gettext("Complaint %(reference)s: there is a question for you.")
    elif notice.kind == ComplaintNoticeKind.REOPENED:
        said = gettext(
            "Complaint %(reference)s: the ministry took the answer back, and other people answer it now. Read why: %(address)s"
        )
        on_site = gettext(
            "Complaint %(reference)s: the ministry took the answer back, and other people answer it now."
        )
    else:
        said = gettext("Complaint %(reference)s: the answer is there. Read it: %(address)s")
        on_site = gettext("Complaint %(reference)s: the answer is there.")
    # Without a record of a person the page asks for the number.
    own = reverse("courses:complaint", args=[complaint.reference]) if complaint.person_id else ""
    return Letter(
        subject=gettext("Your complaint"),
        body=said % facts,
        text=said % facts,
        link=own or reverse("courses:find_complaint"),
        on_site=on_site % facts,
    )
