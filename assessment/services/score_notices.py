"""Notices to trainees whose test was marked again."""

from collections.abc import Sequence

from django.conf import settings
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext

from accounts.services.formatting import format_percent
from accounts.services.notices import Letter, send_due
from assessment.enums import CorrectionCause
from assessment.models import ScoreNotice

# Characters of a title in a short message.
TITLE_CHARACTERS = 60


def send_score_notices(*, at_most: int = 500) -> int:
    """Send what is due, one letter to a person. Returns how many people were written to."""
    notices = ScoreNotice.objects.select_related("correction__attempt").order_by("pk")
    return send_due(notices, is_still_true=_is_still_true, letter=_letter, at_most=at_most)


def _is_still_true(notice: ScoreNotice) -> bool:
    """Not where it was corrected once more since: that is told, too."""
    return notice.correction.attempt.score == notice.correction.to_score


def _letter(notices: Sequence[ScoreNotice]) -> Letter:
    address = f"{settings.SITE_URL}{_page(notices)}"
    lines = "\n".join(_line(notice) for notice in notices)
    said = "\n".join(
        _WHY[cause]() for cause in CorrectionCause if cause in {one.correction.cause for one in notices}
    )
    if any(one.correction.has_document for one in notices):
        said += "\n" + gettext(
            "Your certificate stays as it is until the officer who answers for it has looked at this."
        )
    title = Truncator(notices[0].correction.attempt.title).chars(TITLE_CHARACTERS)
    facts = {"title": title, "address": address}
    return Letter(
        subject=gettext("The result of a test of yours was corrected"),
        body="\n\n".join([lines, said, gettext("See it: %(address)s") % {"address": address}]),
        on_site=f"{lines}\n\n{said}",
        link=address,
        text=gettext("The result of your test “%(title)s” was corrected. %(address)s") % facts,
        is_for_many=True,
    )


_WHY = {
    CorrectionCause.KEY: lambda: gettext(
        "One of the questions was marked by a wrong answer key. It was corrected for everybody who was asked it."
    ),
    CorrectionCause.LATE: lambda: gettext("Answers that arrived after the time were counted."),
}


def _page(notices: Sequence[ScoreNotice]) -> str:
    """Of the attempt, where they are all of one."""
    attempts = {notice.correction.attempt.public_id for notice in notices}
    if len(attempts) > 1:
        return reverse("courses:my_learning")
    return reverse("assessment:attempt", args=[attempts.pop()])


def _line(notice: ScoreNotice) -> str:
    one = notice.correction
    facts = {
        "title": one.attempt.title,
        # As pages show it: 59.99 must not read as a pass mark of 60.
        "before": format_percent(one.from_score),
        "after": format_percent(one.to_score),
    }
    if one.to_passed and not one.from_passed:
        return gettext("“%(title)s”: from %(before)s to %(after)s. It is passed now.") % facts
    if one.from_passed and not one.to_passed:
        return gettext("“%(title)s”: from %(before)s to %(after)s. It is not passed any more.") % facts
    return gettext("“%(title)s”: from %(before)s to %(after)s.") % facts
