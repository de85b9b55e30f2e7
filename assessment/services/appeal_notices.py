"""Notices to trainees whose appeal was answered."""

from collections.abc import Sequence

from django.conf import settings
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext

from accounts.services.formatting import format_number
from accounts.services.notices import Letter, send_due
from assessment.models import Appeal, AppealNotice

# Characters of a title in a short message.
TITLE_CHARACTERS = 60


def send_appeal_notices(*, at_most: int = 500) -> int:
    """Send what is due, one letter to a person. Returns how many people were written to."""
    notices = AppealNotice.objects.select_related("appeal__attempt").order_by("pk")
    return send_due(notices, is_still_true=lambda _notice: True, letter=_letter, at_most=at_most)


def _letter(notices: Sequence[AppealNotice]) -> Letter:
    appeals = [notice.appeal for notice in notices]
    attempts = {appeal.attempt.public_id for appeal in appeals}
    page = (
        reverse("assessment:attempt", args=[attempts.pop()])
        if len(attempts) == 1
        else reverse("courses:my_learning")
    )
    address = f"{settings.SITE_URL}{page}"
    lines = "\n\n".join(_line(appeal) for appeal in appeals)
    title = Truncator(appeals[0].attempt.title).chars(TITLE_CHARACTERS)
    return Letter(
        subject=gettext("Your appeal was answered"),
        body="\n\n".join([lines, gettext("See it: %(address)s") % {"address": address}]),
        on_site=lines,
        link=address,
        text=gettext("Your appeal about “%(title)s” was answered. %(address)s")
        % {"title": title, "address": address},
        is_for_many=True,
    )


def _line(appeal: Appeal) -> str:
    facts = {
        "title": appeal.attempt.title,
        "number": format_number(appeal.slot + 1),
        "answer": appeal.answer,
    }
    if appeal.is_granted:
        return gettext("“%(title)s”, question %(number)s: granted. %(answer)s") % facts
    return gettext("“%(title)s”, question %(number)s: the mark stays. %(answer)s") % facts
