"""Logging in by a number that several logins share: one password is tried on each, and who has the same one chooses.

No page lists the logins of a number: it would say who shares a phone. The choice has only those that the password opened.
"""

import time
from typing import Any

from allauth.core.internal import ratelimit
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare

from accounts.devices import known_device
from accounts.models import User

# In the session: what a password opened, until its holder chose.
OPENED = "opened_logins"
SECONDS_TO_CHOOSE = 300
# The limits of failed logins (`ACCOUNT_RATE_LIMITS`): some are of an address, some of an identity.
COUNTED = {"app": "allauth.account", "action": "login_failed"}


class SharedNumber:
    """One try of a password at a number of several logins. It counts as a failed one for each that it does not open."""

    def __init__(self, logins: list[User]) -> None:
        self.logins = logins
        self.opened: list[User] = []
        self._usages: dict[User, ratelimit.RateLimitUsage] = {}

    def count(self, request: HttpRequest) -> bool:
        """Whether any of the logins may be tried now; others had too many tries."""
        for login in self.logins:
            if usage := count_try(request, key_of_tries(request, login)):
                self._usages[login] = usage
        return bool(self._usages)

    @property
    def is_complete(self) -> bool:
        return len(self._usages) == len(self.logins)

    def compare(self, password: str) -> None:
        # All of them: who has the same password is asked, and the time says only how many there are.
        fitting = [login for login in self._usages if login.check_password(password)]
        # The holder of a closed login is told so.
        self.opened = [login for login in fitting if login.is_active] or fitting[:1]

    def rollback(self) -> None:
        """Give back the tries at what was opened, and all of the address; called by django-allauth after a right password.

        Those at the other logins stay counted: with a password of one's own one could otherwise guess theirs without a limit.
        """
        rates = ratelimit.get_rates(**COUNTED)
        for login, usage in self._usages.items():
            for rate, used in zip(rates, usage.usage, strict=True):
                if login in self.opened or rate.per == "ip":
                    used.rollback()


def count_try(request: HttpRequest, key: str) -> ratelimit.RateLimitUsage | None:
    """Count a try before its password is hashed; None beyond the limit."""
    # The module of allauth itself: the function that it exports cannot give a right try back.
    return ratelimit.consume(request, key=key, **COUNTED)


def key_of_tries(request: HttpRequest, login: User) -> str:
    """The counter of an identity, and of the device where its holder logged in before: a guesser does not lock them out there."""
    return f"login:{login.pk}:{known_device(request, login) or ''}"


def keep_opened(request: HttpRequest, logins: list[User], *, target: str | None, is_remembered: bool) -> None:
    """Keep in this session what the password opened, for five minutes and one choice."""
    request.session.cycle_key()
    request.session[OPENED] = {
        "at": time.time(),
        # Another one after a new password, or after all sessions of the login were ended.
        "hashes": {str(login.pk): login.get_session_auth_hash() for login in logins},
        "next": target,
        "is_remembered": is_remembered,
    }


def logins_to_choose(request: HttpRequest) -> list[User]:
    """The logins that the password opened and would open still."""
    kept = request.session.get(OPENED)
    if kept is None or time.time() - kept["at"] > SECONDS_TO_CHOOSE:
        return []
    logins = User.objects.filter(pk__in=kept["hashes"], is_active=True).order_by("pk")
    return [
        login
        for login in logins
        if constant_time_compare(login.get_session_auth_hash(), kept["hashes"][str(login.pk)])
    ]


def forget_opened(request: HttpRequest) -> dict[str, Any]:
    """End the choice; returns where its holder was going (`next`), and `is_remembered`."""
    kept: dict[str, Any] = request.session.pop(OPENED, {})
    return kept
