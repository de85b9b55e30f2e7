"""What is kept of people and how long, for the public page: terms are read from where the tasks that delete read them.

Apps register their terms by the task that keeps them. What has no term is in the rules of erasing (`accounts.services.erasing`), with its reason.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from accounts.services.codes import KEPT_FOR as CODES_KEPT
from accounts.services.erasing import erasing_rules
from accounts.services.formatting import localize_digits


@dataclass(frozen=True)
class Term:
    """`task` deletes `what` after so many days; 0 days: never."""

    task: str
    what: str | Promise
    days: Callable[[], int]

    @property
    def how_long(self) -> str:
        days = self.days()
        if not days:
            return gettext("for ever")
        return localize_digits(ngettext("%(days)d day", "%(days)d days", days) % {"days": days})


_TERMS: list[Term] = []


def keep_for(task: str, *, what: str | Promise, days: Callable[[], int] | dt.timedelta) -> None:
    """Say how long something is kept that `task` deletes: a setting as a function, or a constant."""
    counted = (lambda: days.days) if isinstance(days, dt.timedelta) else days
    _TERMS.append(Term(task, what, counted))


def terms() -> list[Term]:
    return list(_TERMS)


def kept_without_term() -> dict[str, list[str]]:
    """The kinds of rows that stay, by the reason."""
    kept: dict[str, list[str]] = {}
    for rule in erasing_rules():
        if rule.because:
            names = kept.setdefault(str(rule.because), [])
            if rule.name not in names:
                names.append(rule.name)
    return kept


keep_for(
    "accounts.tasks.purge_codes",
    what=_("codes by short message, with the number they went to"),
    days=CODES_KEPT,
)
keep_for(
    "accounts.tasks.purge_sessions",
    what=_("where you are logged in: device and address"),
    days=lambda: settings.SESSION_COOKIE_AGE // 86_400,
)
keep_for(
    "accounts.tasks.purge_deliveries",
    what=_("what became of a mail or short message, without its text"),
    days=lambda: settings.DELIVERY_DAYS,
)
keep_for(
    "accounts.tasks.purge_site_notices",
    what=_("notices to you on the site, and which staff saw your pages as you see them"),
    days=lambda: settings.SITE_NOTICE_DAYS,
)
keep_for(
    "accounts.tasks.expire_audit_addresses",
    what=_("network addresses in the audit trail"),
    days=lambda: settings.AUDIT_ADDRESS_DAYS,
)
