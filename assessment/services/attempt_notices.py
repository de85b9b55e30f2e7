"""Notices to trainees of decisions about their attempts."""

from collections.abc import Sequence

from django.conf import settings
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext

from accounts.services.notices import Letter, send_due
from assessment.enums import AttemptNews
from assessment.models import AttemptNotice
from assessment.services.score_notices import TITLE_CHARACTERS


def send_attempt_notices(*, at_most: int = 500) -> int:
    """Send what is due, one letter to a person. Returns how many people were written to."""
    notices = AttemptNotice.objects.select_related("attempt").order_by("pk")
    return send_due(notices, is_still_true=_is_still_true, letter=_letter, at_most=at_most)


def _is_still_true(notice: AttemptNotice) -> bool:
    """Not where something else was decided of the result since: that is told, too."""
    if notice.kind not in {AttemptNews.HELD, AttemptNews.RELEASED}:
        return True
    newest = notice.attempt.decisions.exclude(act=AttemptNews.ENDED).last()
    return newest is not None and newest.act == notice.kind


def _letter(notices: Sequence[AttemptNotice]) -> Letter:
    attempts = {notice.attempt.public_id: notice.attempt for notice in notices}
    page = reverse("courses:my_learning")
    if len(attempts) == 1:
        page = reverse("assessment:attempt", args=list(attempts))
    address = f"{settings.SITE_URL}{page}"
    lines = "\n\n".join(_line(notice) for notice in notices)
    facts = {"title": Truncator(notices[0].attempt.title).chars(TITLE_CHARACTERS), "address": address}
    return Letter(
        subject=gettext("Something was decided about a test of yours"),
        body="\n\n".join([lines, gettext("See it: %(address)s") % {"address": address}]),
        on_site=lines,
        link=address,
        text=gettext("Something was decided about your test “%(title)s”. %(address)s") % facts,
        is_for_many=True,
    )


_SENTENCES = {
    AttemptNews.ENDED: lambda: gettext(
        "“%(title)s”: the supervisor ended your attempt. What you had answered is marked. The reason: %(reason)s"
    ),
    AttemptNews.HELD: lambda: gettext(
        "“%(title)s”: your result is held until your center decides about it. The reason: %(reason)s"
    ),
    AttemptNews.RELEASED: lambda: gettext(
        "“%(title)s”: your result is no longer held. It counts as before. The reason: %(reason)s"
    ),
    AttemptNews.VOIDED: lambda: gettext(
        "“%(title)s”: your attempt was declared void. It scores nothing and counts as one of your attempts. The reason: %(reason)s"
    ),
    AttemptNews.LATE_LEFT: lambda: gettext(
        "“%(title)s”: your center decided that the answers which arrived after the time do not count. Your result stays the same."
    ),
    AttemptNews.LATE_SAME: lambda: gettext(
        "“%(title)s”: answers that arrived after the time were counted. Your result stays the same."
    ),
}


def _line(notice: AttemptNotice) -> str:
    facts = {"title": notice.attempt.title, "reason": notice.reason}
    return _SENTENCES[AttemptNews(notice.kind)]() % facts
