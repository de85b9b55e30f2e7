"""Counts the batches that players send, each once, without recording the viewer."""

import datetime as dt
import hashlib

from django.core.cache import cache
from django.db import connection, transaction
from django.utils import timezone

from media_pipeline import telemetry
from media_pipeline.models import (
    BucketTally,
    PublishedVersion,
    Rendition,
    RenditionTally,
    WatchSession,
    WatchTally,
)
from media_pipeline.services.delivery_log import add_bytes
from media_pipeline.telemetry import Batch, BatchRefused

# Longer than any address is valid and than any player keeps a batch.
SESSION_LIFE = dt.timedelta(hours=48)
# Half an hour of batches may come late: what a player keeps while it is offline.
BACKLOG_MS = 30 * 60 * 1000
# More page views in two days are not of a person but of a script that invents sessions.
MOST_SESSIONS = 40
BATCHES_PER_MINUTE = 30
VIEWER_BITS = 63


def too_many_batches(*, viewer: str) -> bool:
    """Count one more batch of this viewer; return whether that is too many for this minute."""
    key = rate_key(viewer, timezone.now())
    cache.add(key, 0, timeout=120)
    try:
        return cache.incr(key) > BATCHES_PER_MINUTE
    except ValueError:
        # The cache was emptied in between: start counting again.
        return False


def rate_key(viewer: str, at: dt.datetime) -> str:
    """The cache key of the batches of one viewer in one minute."""
    return f"telemetry:{viewer}:{int(at.timestamp() // 60)}"


@transaction.atomic
def count_batch(*, version: PublishedVersion, viewer: str, batch: Batch) -> bool:
    """Add a batch to the sums of its video; return False if it was counted before.

    `viewer` is the tag of the signed address. Batches may come in any order and any number of times: the sums are
    the same. Raises BatchRefused, and then nothing has changed.

    Rows are locked in one order: the session, buckets ascending, qualities by name, the sums of the video.
    """
    renditions = set(Rendition.objects.filter(version__video=version.video_id).values_list("name", flat=True))
    batch.require_possible_for(seconds=version.seconds, renditions=renditions)
    session, is_new = _locked_session(version.video_id, viewer, batch.session)
    received = _bits(session.received)
    if received >> batch.number & 1:
        return False
    _require_possible_total(session, batch)
    seen = _bits(session.seen)
    fresh = {bucket for bucket in batch.plays if not seen >> bucket & 1}
    session.received = _packed(received | 1 << batch.number)
    session.seen = _packed(seen | sum(1 << bucket for bucket in fresh))
    session.covered += batch.elapsed
    session.save(update_fields=["received", "seen", "covered"])
    _add_buckets(version.video_id, batch, fresh)
    _add_renditions(version.video_id, batch)
    _add_sums(
        version.video_id,
        batch,
        views=int(is_new),
        finished=int(telemetry.end_bucket(version.seconds) in fresh),
        viewer_bit=_viewer_bit(version.video_id, viewer),
    )
    if version.rendition_set:
        _add_bytes(version, batch)
    return True


@transaction.atomic
def purge_watch_sessions() -> int:
    """Delete sessions whose addresses have all expired, since no batch of theirs can arrive."""
    return WatchSession.objects.filter(opened_at__lt=timezone.now() - SESSION_LIFE).delete()[0]


def _locked_session(video_id: int, viewer: str, key: str) -> tuple[WatchSession, bool]:
    """The session of a page, its row locked, and whether this call created it."""
    same = WatchSession.objects.select_for_update().filter(video=video_id, viewer=viewer, key=key)
    session = same.first()
    if session is not None:
        return session, False
    if WatchSession.objects.filter(video=video_id, viewer=viewer).count() >= MOST_SESSIONS:
        raise BatchRefused("this viewer has opened the video too often")
    now = timezone.now()
    with connection.cursor() as cursor:
        # A second batch of the same new page waits here for the first one to commit.
        cursor.execute(
            f"INSERT INTO {WatchSession._meta.db_table} (video_id, viewer, key, received, seen, covered, opened_at) "  # noqa: S608
            "VALUES (%s, %s, %s, '', '', 0, %s) ON CONFLICT DO NOTHING",
            [video_id, viewer, key, now],
        )
        is_new = cursor.rowcount == 1
    return same.get(), is_new


def _require_possible_total(session: WatchSession, batch: Batch) -> None:
    since = (timezone.now() - session.opened_at) / dt.timedelta(milliseconds=1)
    if session.covered + batch.elapsed > since + BACKLOG_MS:
        raise BatchRefused("the batches of this page cover more time than has passed")


def _add_buckets(video_id: int, batch: Batch, fresh: set[int]) -> None:
    buckets = sorted(batch.plays)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {BucketTally._meta.db_table} AS known (video_id, bucket, views, plays) "  # noqa: S608
            "SELECT %s, * FROM unnest(%s::int[], %s::int[], %s::int[]) AS told (bucket, views, plays) "
            "ORDER BY bucket ON CONFLICT (video_id, bucket) DO UPDATE "
            "SET views = known.views + excluded.views, plays = known.plays + excluded.plays",
            [
                video_id,
                buckets,
                [int(bucket in fresh) for bucket in buckets],
                [batch.plays[b] for b in buckets],
            ],
        )


def _add_renditions(video_id: int, batch: Batch) -> None:
    names = sorted(batch.renditions)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {RenditionTally._meta.db_table} AS known (video_id, rendition, played) "  # noqa: S608
            "SELECT %s, * FROM unnest(%s::text[], %s::int[]) AS told (rendition, played) "
            "ORDER BY rendition ON CONFLICT (video_id, rendition) DO UPDATE SET played = known.played + excluded.played",
            [video_id, names, [batch.renditions[name] for name in names]],
        )


def _add_bytes(version: PublishedVersion, batch: Batch) -> None:
    """Renditions in a bucket: our log does not see them, and browsers hide the sizes of other origins, so the bytes are
    estimated from what was played."""
    rates = dict(version.renditions.values_list("name", "average_bps"))
    size = sum(milliseconds * rates.get(name, 0) for name, milliseconds in batch.renditions.items()) // 8_000
    if size:
        add_bytes(version.video_id, version.video.center_id, timezone.localdate(), size, answers=0)


def _add_sums(video_id: int, batch: Batch, *, views: int, finished: int, viewer_bit: int) -> None:
    starts = [0] * (len(telemetry.START_SLOTS_MS) + 1)
    if batch.start is not None:
        starts[telemetry.start_slot(batch.start)] = 1
    sums = {
        "views": views,
        "finished": finished,
        "stalls": batch.stalls,
        "stalled": batch.stalled,
        "bytes": batch.transferred,
        **{f"starts_{slot}": count for slot, count in enumerate(starts)},
    }
    added = ", ".join(f"{name} = known.{name} + excluded.{name}" for name in sums)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {WatchTally._meta.db_table} AS known (video_id, viewer_bits, {', '.join(sums)}) "  # noqa: S608
            f"VALUES (%s, %s, {', '.join(['%s'] * len(sums))}) ON CONFLICT (video_id) DO UPDATE "
            f"SET viewer_bits = known.viewer_bits | excluded.viewer_bits, {added}",
            [video_id, viewer_bit, *sums.values()],
        )


def _viewer_bit(video_id: int, viewer: str) -> int:
    """One of 63 bits, chosen by viewer and video."""
    digest = hashlib.sha256(f"{video_id} {viewer}".encode()).digest()
    return 1 << int.from_bytes(digest[:8]) % VIEWER_BITS


def _bits(packed: bytes | memoryview) -> int:
    return int.from_bytes(bytes(packed), "little")


def _packed(bits: int) -> bytes:
    return bits.to_bytes((bits.bit_length() + 7) // 8, "little")
