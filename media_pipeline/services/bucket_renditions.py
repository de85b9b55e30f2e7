"""Films in the bucket: their addresses, and their end. Films on our disk need none of this."""

import datetime as dt
from contextlib import suppress

from django.utils import timezone

from media_pipeline.models import PublishedVersion
from media_pipeline.stores import StoreFailed, current_store, the_bucket

# The longest that an address of the bucket works. Nothing can end it before.
LONGEST = dt.timedelta(hours=6)
# Half as long again as the film, for pauses, and some time to get ready.
SPARE = dt.timedelta(minutes=30)
# A playlist may be this share of its addresses' life old when a player takes it from the browser's cache.
CACHED_SHARE = 4
# Taken, and not named by any version since: their worker is dead.
ABANDONED = dt.timedelta(hours=24)


def lifetime_of(version: PublishedVersion) -> int:
    """For how many seconds the addresses in a playlist work. A player reads a playlist once: they cover the film."""
    wanted = dt.timedelta(seconds=version.seconds * 1.5) + SPARE
    return int(min(wanted, LONGEST).total_seconds())


def rendition_address(version: PublishedVersion, name: str) -> str:
    """An address in the bucket for the film `name` of a version. Raises StoreFailed."""
    return the_bucket().address(version.rendition_set, name, seconds=lifetime_of(version))


def with_rendition_addresses(version: PublishedVersion, name: str, text: str) -> str:
    """The playlist of the film `name` with an address in the bucket for its file. Raises StoreFailed."""
    address = rendition_address(version, name)
    lines = [address if line == name else line for line in text.split("\n")]
    return "\n".join(lines).replace(f'URI="{name}"', f'URI="{address}"')


def drop_rendition_set(rendition_set: str) -> None:
    """Remove films from the bucket unless a version names them; where that fails, the sweep does it."""
    if rendition_set and not PublishedVersion.objects.filter(rendition_set=rendition_set).exists():
        with suppress(StoreFailed):
            the_bucket().drop(rendition_set)


def purge_rendition_sets(*, now: dt.datetime | None = None) -> set[str]:
    """Remove what workers who died, or a bucket that was away, left behind; returns what that was. Raises StoreFailed."""
    store = current_store()
    # The bucket first, the rows after: what is taken that long before it is named was never to be named.
    left = store.abandoned_before(before=(now or timezone.now()) - ABANDONED)
    left -= set(
        PublishedVersion.objects.filter(rendition_set__in=left).values_list("rendition_set", flat=True)
    )
    for rendition_set in sorted(left):
        store.drop(rendition_set)
    return left
