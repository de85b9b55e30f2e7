"""Notices about seats: offers of the waiting list, what became of them, transfers."""

from collections.abc import Sequence

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import get_language, gettext

from accounts.services.formatting import format_date, format_datetime
from accounts.services.notices import Letter, send_due
from accounts.services.short_messages import fits
from courses.enums import EnrollmentState, HoldState, SeatNoticeKind
from courses.models import Enrollment, SeatNotice
from courses.queries.programs import titles_in_language

# Characters of a title in a short message.
TITLE_CHARACTERS = 40
# The state in which the enrollment has to be for the notice to be true.
_STATES = {
    SeatNoticeKind.TRANSFERRED: EnrollmentState.ACTIVE,
    SeatNoticeKind.WITHDRAWN: EnrollmentState.WITHDRAWN,
    SeatNoticeKind.REINSTATED: EnrollmentState.ACTIVE,
    SeatNoticeKind.CLOSED: EnrollmentState.FAILED,
    SeatNoticeKind.REOPENED: EnrollmentState.ACTIVE,
    SeatNoticeKind.YIELDED: EnrollmentState.WITHDRAWN,
}


def send_seat_notices(*, at_most: int = 500) -> int:
    """Send what is due, one letter to a person. Returns how many people were written to."""
    notices = SeatNotice.objects.select_related("cohort__program", "cohort__center", "hold").order_by("pk")
    return send_due(notices, is_still_true=_is_still_true, letter=_letter, at_most=at_most)


def _is_still_true(notice: SeatNotice) -> bool:
    """An offer that was taken or is over is not announced, nor a transfer after which the person left, nor a withdrawal that was
    taken back.
    """
    if notice.kind == SeatNoticeKind.OFFERED and notice.hold:
        return notice.hold.state == HoldState.HELD and notice.hold.until > timezone.now()
    if notice.kind in _STATES:
        here = Enrollment.objects.filter(person=notice.person_id, cohort=notice.cohort_id)
        return here.filter(state=_STATES[SeatNoticeKind(notice.kind)]).exists()
    return True


def _letter(notices: Sequence[SeatNotice]) -> Letter:
    titles = titles_in_language([notice.cohort.program for notice in notices], get_language() or "")
    lines = [_line(notice, titles[notice.cohort.program_id]) for notice in notices]
    address = f"{settings.SITE_URL}{reverse('courses:my_learning')}"
    return Letter(
        subject=_subject(notices),
        body="\n\n".join([*lines, gettext("Your courses and offers: %(address)s") % {"address": address}]),
        on_site="\n\n".join(lines),
        link=address,
        text=_text([_short(notice, titles[notice.cohort.program_id]) for notice in notices], address),
    )


def _text(sentences: Sequence[str], address: str) -> str:
    """The short message. What several notices say can be more than is ever sent: then it is on the page."""
    said = " ".join([*sentences, address])
    if fits(said):
        return said
    return gettext("There is news about your seats: %(address)s") % {"address": address}


def _subject(notices: Sequence[SeatNotice]) -> str:
    """Of the gravest of them."""
    kinds = {notice.kind for notice in notices}
    subjects = (
        (SeatNoticeKind.OFFERED, gettext("A seat is free for you")),
        (SeatNoticeKind.TRANSFERRED, gettext("You were transferred to another cohort")),
        (SeatNoticeKind.WITHDRAWN, gettext("Your center ended your seat")),
        (SeatNoticeKind.CLOSED, gettext("News of your cohort")),
        (SeatNoticeKind.REOPENED, gettext("News of your cohort")),
        (SeatNoticeKind.YIELDED, gettext("Your seat went to another person")),
        (SeatNoticeKind.REINSTATED, gettext("You have your seat again")),
    )
    return next((subject for kind, subject in subjects if kind in kinds), gettext("News of the waiting list"))


def _facts(notice: SeatNotice, title: str) -> dict[str, str]:
    cohort = notice.cohort
    return {
        "program": title,
        "center": cohort.center.name,
        "code": cohort.code,
        "starts_on": format_date(cohort.starts_on),
        "date": format_datetime(notice.hold.until) if notice.hold else "",
    }


def _line(notice: SeatNotice, title: str) -> str:
    sentences = {
        SeatNoticeKind.OFFERED: gettext(
            "A seat is free for you in “%(program)s”, %(center)s. It is kept for you until %(date)s: confirm it before then."
        ),
        SeatNoticeKind.LAPSED: gettext(
            "The seat that was kept for you in “%(program)s”, %(center)s, went to the next person. You can join the waiting list again."
        ),
        SeatNoticeKind.LIST_CLOSED: gettext(
            "“%(program)s”, %(center)s: no more seats are given in this cohort, and its waiting list is closed. An offered seat is over, too."
        ),
        SeatNoticeKind.TRANSFERRED: gettext(
            "You go on with “%(program)s” in cohort %(code)s, at %(center)s, which starts on %(starts_on)s. What you did until now counts; "
            "the days and hours are in your timetable."
        ),
        SeatNoticeKind.WITHDRAWN: gettext(
            "Your center ended your seat in “%(program)s”, %(center)s. What you did is kept. Is this a mistake? Ask the center: it can "
            "give you the seat again."
        ),
        SeatNoticeKind.CLOSED: gettext(
            "Cohort %(code)s of “%(program)s”, %(center)s, was closed, and you had not completed it. What you did is kept. Read in My learning what"
            " is missing; you may appeal against marks for seven days, and take a seat in another cohort."
        ),
        SeatNoticeKind.REOPENED: gettext(
            "Cohort %(code)s of “%(program)s”, %(center)s, goes on, and you with it: go on where you stopped."
        ),
        SeatNoticeKind.LIST_REOPENED: gettext(
            "“%(program)s”, %(center)s: the cohort goes on, and you have your place on its waiting list or your offered seat again."
        ),
        SeatNoticeKind.REINSTATED: gettext(
            "You have your seat in “%(program)s”, %(center)s, again. Go on where you stopped."
        ),
        SeatNoticeKind.YIELDED: gettext(
            "“%(program)s”, %(center)s: your seat went to a person whom the center has seen. Confirm your number by a code on your account page, "
            "or go to the center with your identity card, to have a seat that stays yours."
        ),
    }
    return sentences[SeatNoticeKind(notice.kind)] % _facts(notice, title)


def _short(notice: SeatNotice, title: str) -> str:
    """A short message, which has neither the person's name nor more than it must."""
    sentences = {
        SeatNoticeKind.OFFERED: gettext("A seat in “%(program)s” is kept for you until %(date)s. Confirm:"),
        SeatNoticeKind.LAPSED: gettext("Your seat in “%(program)s” went to the next person."),
        SeatNoticeKind.LIST_CLOSED: gettext("The waiting list of “%(program)s” is closed."),
        SeatNoticeKind.TRANSFERRED: gettext("You go on with “%(program)s” in another cohort."),
        SeatNoticeKind.WITHDRAWN: gettext("Your center ended your seat in “%(program)s”."),
        SeatNoticeKind.REINSTATED: gettext("You have your seat in “%(program)s” again."),
        SeatNoticeKind.CLOSED: gettext("Your cohort of “%(program)s” was closed before you completed it."),
        SeatNoticeKind.REOPENED: gettext("Your cohort of “%(program)s” goes on."),
        SeatNoticeKind.LIST_REOPENED: gettext("You have your place in “%(program)s” again."),
        SeatNoticeKind.YIELDED: gettext(
            "Your seat in “%(program)s” went to a person whom the center has seen."
        ),
    }
    shortened = Truncator(title).chars(TITLE_CHARACTERS)
    return sentences[SeatNoticeKind(notice.kind)] % _facts(notice, shortened)
