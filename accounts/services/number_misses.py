"""Numbers of identity cards that staff typed and that led to no one: what can be found out by trying numbers is limited.

A clerk, a center and a number are counted together, whichever page it was. A number that is known elsewhere counts as one that no
one has, so the limit tells nothing either.
"""

import datetime as dt

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log
from wagtail.models import ModelLogEntry

from accounts.errors import DomainError
from accounts.models import Center, IdentityDocument, User

MISSED, MISSED_TRAINEE = "accounts.number.miss", "accounts.recovery.miss"
# A correction says of the number that was typed whether another person has it.
_COUNTED = (MISSED, MISSED_TRAINEE, "accounts.identity_document.correct")
MOST_OF_CLERK, MOST_OF_CENTER, MOST_OF_NUMBER = 5, 15, 10
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)


class TooManyMisses(DomainError):
    message = _(
        "Too many numbers were typed that belong to no one here. Wait an hour, or ask a colleague, and compare each with the card."
    )


def note_miss(*, center: Center | None, by: User, fingerprint: str, action: str = MISSED) -> None:
    """Record in the audit log that a number was typed in vain: outside of the transaction that was refused."""
    log(center or by, action, user=by, data={"number": fingerprint})


def require_few_misses(*, center: Center | None, by: User, fingerprint: str) -> None:
    """Raises `TooManyMisses`. A number that was typed again, and is registered at the center by now, counts no more."""
    now = timezone.now()
    entries = ModelLogEntry.objects.filter(action__in=_COUNTED, timestamp__gte=now - DAY)
    lately = entries.filter(timestamp__gte=now - HOUR)
    of_clerk, of_center = lately.filter(user=by), lately.none()
    if center is not None:
        of_center = lately.filter(content_type__model="center", object_id=str(center.pk))
    if (
        _misses(of_clerk, fingerprint, center) >= MOST_OF_CLERK
        or _misses(of_center, fingerprint, center) >= MOST_OF_CENTER
        or entries.filter(data__number=fingerprint).count() >= MOST_OF_NUMBER
    ):
        raise TooManyMisses


def _misses(entries: QuerySet[ModelLogEntry], fingerprint: str, center: Center | None) -> int:
    """Different numbers besides this one. A correction does not name the number: each is one."""
    numbers = [number or pk for pk, number in entries.values_list("pk", "data__number")]
    served = IdentityDocument.objects.filter(person__registered_at=center, number_hmac__in=map(str, numbers))
    here = set(served.values_list("number_hmac", flat=True)) if center and numbers else set()
    return len({*numbers} - here - {fingerprint})
