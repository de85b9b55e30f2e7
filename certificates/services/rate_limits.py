"""Rate limits of public verification. They count the rows of `Lookup`, so no other counter is stored."""

import datetime as dt
import ipaddress
import math
from dataclasses import dataclass

from django.utils import timezone
from django.utils.crypto import salted_hmac

from certificates.enums import LookupVia
from certificates.models import Lookup


@dataclass(frozen=True)
class RateLimit:
    """The number of lookups allowed within the window."""

    lookups: int
    window: dt.timedelta


RATE_LIMITS = {
    LookupVia.CODE: RateLimit(30, dt.timedelta(minutes=1)),
    # A file costs hashes and a signature.
    LookupVia.FILE: RateLimit(10, dt.timedelta(minutes=1)),
    # Codes, not lists: a personnel office checks a few thousand people in an hour.
    LookupVia.LIST: RateLimit(5_000, dt.timedelta(hours=1)),
}


def client_hash(address: str) -> str:
    """A keyed hash that tells clients apart within one day, without storing their address."""
    day_and_address = f"{timezone.localdate()}/{client_at(address)}"
    return salted_hmac("certificates.lookup", day_and_address, algorithm="sha256").hexdigest()[:32]


def client_at(address: str) -> str:
    """The address, or the network it is in: an IPv6 connection has one of 2**64 addresses to itself."""
    try:
        read = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if read.version == 4:
        return str(read)
    return str(read.ipv4_mapped or ipaddress.ip_network((int(read), 64), strict=False))


def seconds_to_wait(*, via: LookupVia, address: str, wanted: int = 1) -> int:
    """Seconds until a client may ask about `wanted` more codes; 0 is now. For `Retry-After`."""
    limit, now = RATE_LIMITS[via], timezone.now()
    asked = Lookup.objects.filter(
        client_hash=client_hash(address), via=via, at__gte=now - limit.window
    ).order_by("-at")
    # The newest lookup that has to leave the window first.
    leaves_last = asked.values_list("at", flat=True)[max(0, limit.lookups - wanted) :].first()
    if leaves_last is None:
        return 0
    return max(1, math.ceil((leaves_last + limit.window - now).total_seconds()))
