"""Signs addresses of renditions in the bucket, and removes rendition sets from it."""

import datetime as dt
from contextlib import suppress

from django.utils import timezone

from media_pipeline.models import PublishedVersion
from media_pipeline.stores import StoreFailed, current_store, the_bucket

# The longest that an address of the bucket works; it cannot be revoked.
LONGEST = dt.timedelta(hours=6)
# One and a half times the length of the video, for pauses, and some time to start.
SPARE = dt.timedelta(minutes=30)
# A playlist in the browser's cache may be as old as this share of its addresses' validity period.
CACHED_SHARE = 4
# Uploaded so long ago and named by no version: their worker is dead.
ABANDONED = dt.timedelta(hours=24)


def lifetime_of(version: PublishedVersion) -> int:
    """For how many seconds the addresses in a playlist work. A player reads a playlist once, so they cover the whole video."""
    wanted = dt.timedelta(seconds=version.seconds * 1.5) + SPARE
    return int(min(wanted, LONGEST).total_seconds())


def rendition_address(version: PublishedVersion, name: str) -> str:
    """An address in the bucket for the rendition `name` of a version. Raises StoreFailed."""
    return the_bucket().address(version.rendition_set, name, seconds=lifetime_of(version))


def with_rendition_addresses(version: PublishedVersion, name: str, text: str) -> str:
    """The playlist of the rendition `name` with an address in the bucket for its file. Raises StoreFailed."""
    address = rendition_address(version, name)
    lines = [address if line == name else line for line in text.split("\n")]
    return "\n".join(lines).replace(f'URI="{name}"', f'URI="{address}"')


def drop_rendition_set(rendition_set: str) -> None:
    """Remove a rendition set from the bucket unless a version names it; `purge_rendition_sets` repeats what failed."""
    if rendition_set and not PublishedVersion.objects.filter(rendition_set=rendition_set).exists():
        with suppress(StoreFailed):
            the_bucket().drop(rendition_set)


def purge_rendition_sets(*, now: dt.datetime | None = None) -> set[str]:
    """Remove rendition sets that a dead worker or an unreachable bucket left; returns their names. Raises StoreFailed."""
    store = current_store()
    # List the bucket first, read the rows after: a set of that age that no version names will never be named.
    left = store.abandoned_before(before=(now or timezone.now()) - ABANDONED)
    left -= set(
        PublishedVersion.objects.filter(rendition_set__in=left).values_list("rendition_set", flat=True)
    )
    for rendition_set in sorted(left):
        store.drop(rendition_set)
    return left
