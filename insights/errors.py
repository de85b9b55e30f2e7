"""Refusals of this app. Their sentences are for the reader."""

from django.utils.translation import gettext_lazy as _

from accounts.errors import DomainError


class DayNotOver(DomainError):
    message = _("The figures of a day are recorded when it is over.")


class DayMissed(DomainError):
    message = _(
        "This day was not recorded on the day after it. What was true then cannot be known any more, so it has no figures of its own."
    )
