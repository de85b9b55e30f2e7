"""Codes by short message: asked for within limits, tried, purged. `code_messages` makes and sends them.

A request asks the database the same for every number, known or not. What is known is looked up by the worker.
"""

import datetime as dt
from typing import NamedTuple

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext_lazy as _

from accounts.enums import CodePurpose, ContactKind
from accounts.errors import DomainError
from accounts.models import ContactChallenge, User
from accounts.models.challenges import MOST_TRIES
from jobs.services.dispatch import dispatch_jobs

VALID_FOR = dt.timedelta(minutes=10)
# From the right code to the new password.
CHOOSE_WITHIN = dt.timedelta(minutes=10)
# The longest period of a limit: older rows count for nothing.
KEPT_FOR = dt.timedelta(days=1)
ROWS_AT_ONCE = 1000
# An advisory lock: requests are counted and written one at a time. The number is arbitrary, but used for nothing else.
_ASKING = 0x6D63_6F64
# Compared where no code was made.
_NO_CODE = "0" * 64


class Limit(NamedTuple):
    """So many requests with the same value of `field` in `period`; with "" of all."""

    field: str
    amount: int
    period: dt.timedelta


HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
LIMITS = (
    Limit("value", 3, HOUR),
    Limit("value", 6, DAY),
    Limit("login", 6, DAY),
    # A class behind one address proves its numbers together.
    Limit("address_hash", 100, HOUR),
    Limit("address_hash", 300, DAY),
    # However many addresses ask: what the table and the bill grow by at the most.
    Limit("", 2000, HOUR),
)


class TooManyCodes(DomainError):
    message = _(
        "Too many codes were asked for. Wait an hour and ask again. Your center helps you without a code."
    )


class WrongCode(DomainError):
    message = _("This is not the code. Compare it with the newest message and type it again.")


class CodeOver(DomainError):
    message = _("This code is not valid any more. Ask for another one.")


@transaction.atomic
def request_code(
    *, purpose: CodePurpose, number: str, language: str, address: str, login: User | None = None
) -> ContactChallenge:
    """Ask for a code to `number` (E.164), which ends an earlier one for the same purpose. A worker makes and sends it.

    Raises `TooManyCodes`.
    """
    now = timezone.now()
    asked = ContactChallenge(
        kind=ContactKind.PHONE,
        value=number,
        purpose=purpose,
        login=login,
        language=language,
        address_hash=salted_hmac("accounts.codes.address", address, algorithm="sha256").hexdigest(),
        expires_at=now + VALID_FOR,
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_ASKING])
    _require_within_limits(asked, now=now)
    open_ones = ContactChallenge.objects.filter(value=number, purpose=purpose, ended_at=None, used_at=None)
    open_ones.update(ended_at=now)
    asked.save()
    dispatch_jobs(ContactChallenge, [asked.pk])
    return asked


def hash_code(challenge: ContactChallenge, code: str) -> str:
    """Keyed, and bound to one request, its number and its purpose."""
    bound = f"{challenge.pk}:{challenge.purpose}:{challenge.value}:{code}"
    return salted_hmac("accounts.codes", bound, algorithm="sha256").hexdigest()


class Tried(NamedTuple):
    """The challenge that the right code was typed for, else why there is none."""

    challenge: ContactChallenge | None
    refusal: DomainError


@transaction.atomic
def try_code(challenges: QuerySet[ContactChallenge], code: str) -> Tried:
    """Try a code on the one row of `challenges`, which it uses up. Raises nothing, so that the try is counted.

    A number without an account takes the same steps as one with a wrong code.
    """
    challenge = challenges.select_for_update(of=("self",)).first()
    if challenge is None or not _is_open(challenge):
        return Tried(None, CodeOver())
    is_right = constant_time_compare(hash_code(challenge, code), challenge.code_hash or _NO_CODE)
    challenge.tries += 1
    challenge.used_at = timezone.now() if is_right else None
    challenge.save(update_fields=["tries", "used_at"])
    if is_right:
        return Tried(challenge, CodeOver())
    return Tried(None, CodeOver() if challenge.tries >= MOST_TRIES else WrongCode())


def just_used(challenge_id: int) -> ContactChallenge | None:
    """The request, locked, whose right code was typed in the last minutes: what it lets its holder do is done once."""
    requests = ContactChallenge.objects.select_for_update(of=("self",)).filter(
        pk=challenge_id, purpose=CodePurpose.RECOVER, ended_at=None
    )
    return requests.filter(used_at__gt=timezone.now() - CHOOSE_WITHIN).first()


def purge_codes() -> int:
    """Delete requests that no limit counts any more, in small bites. Returns how many."""
    purged = 0
    old = ContactChallenge.objects.filter(created_at__lt=timezone.now() - KEPT_FOR).order_by()
    while keys := list(old.values_list("pk", flat=True)[:ROWS_AT_ONCE]):
        ContactChallenge.objects.filter(pk__in=keys).delete()
        purged += len(keys)
    return purged


def _is_open(challenge: ContactChallenge) -> bool:
    return (
        challenge.ended_at is None
        and challenge.used_at is None
        and challenge.tries < MOST_TRIES
        and challenge.expires_at > timezone.now()
    )


def _require_within_limits(asked: ContactChallenge, *, now: dt.datetime) -> None:
    for field, amount, period in LIMITS:
        if field == "login" and asked.login is None:
            continue
        same = {field: getattr(asked, field)} if field else {}
        counted = ContactChallenge.objects.filter(**same, created_at__gt=now - period).order_by("created_at")
        # The row at which the limit is reached: the index is read no further.
        if counted[amount - 1 : amount].exists():
            raise TooManyCodes
