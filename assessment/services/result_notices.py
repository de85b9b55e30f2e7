"""Notices to trainees whose test was marked by people."""

from collections.abc import Sequence

from django.conf import settings
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext

from accounts.services.formatting import format_percent
from accounts.services.notices import Letter, send_due
from assessment.models import Attempt, ResultNotice
from assessment.services.score_notices import TITLE_CHARACTERS


def send_result_notices(*, at_most: int = 500) -> int:
    """Send what is due, one letter to a person. Returns how many people were written to."""
    notices = ResultNotice.objects.select_related("attempt").order_by("pk")
    return send_due(notices, is_still_true=_is_still_true, letter=_letter, at_most=at_most)


def _is_still_true(notice: ResultNotice) -> bool:
    """Not where it was corrected since: that is told, with the score before."""
    return not notice.attempt.corrections.exists()


def _letter(notices: Sequence[ResultNotice]) -> Letter:
    attempts = [notice.attempt for notice in notices]
    page = reverse("courses:my_learning")
    if len(attempts) == 1:
        page = reverse("assessment:attempt", args=[attempts[0].public_id])
    address = f"{settings.SITE_URL}{page}"
    lines = "\n".join(_line(attempt) for attempt in attempts)
    facts = {"title": Truncator(attempts[0].title).chars(TITLE_CHARACTERS), "address": address}
    return Letter(
        subject=gettext("The result of a test of yours is there"),
        body="\n\n".join([lines, gettext("See it: %(address)s") % {"address": address}]),
        on_site=lines,
        link=address,
        text=gettext("The result of your test “%(title)s” is there. %(address)s") % facts,
        is_for_many=True,
    )


def _line(attempt: Attempt) -> str:
    score = attempt.score if attempt.score is not None else 0
    facts = {"title": attempt.title, "score": format_percent(score)}
    if attempt.passed:
        return gettext("“%(title)s”: %(score)s, passed.") % facts
    return gettext("“%(title)s”: %(score)s, not passed.") % facts
