"""Viewing statistics, as instructors see them."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import (
    BigIntegerField,
    Case,
    F,
    FloatField,
    Func,
    IntegerField,
    OuterRef,
    QuerySet,
    Subquery,
    Sum,
    When,
)
from django.db.models.functions import Cast, Ceil, Coalesce, Greatest, Least, NullIf
from django.utils.translation import gettext as _

from media_pipeline import telemetry
from media_pipeline.models import BucketTally, DeliveredBytes, RenditionTally, Video, WatchTally
from media_pipeline.transcoding.package import AUDIO

# Below this number a curve would identify people: with two viewers it shows who stopped where.
MOST_HIDDEN_VIEWERS = 4
# A curve of an hour has 720 parts; a table shows at most so many.
MOST_PARTS = 60
HOUR_MS = 3_600_000


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of the video in seconds. `views`, `again` and `percent` (of all views) are those of its best 5 s."""

    start: float
    end: float
    views: int
    again: int
    percent: float


@dataclass(frozen=True, slots=True)
class Share:
    """The share of one quality in all playing time, in percent."""

    name: str
    percent: float


@dataclass(frozen=True, slots=True)
class Watching:
    """The statistics of one video. Below five viewers `is_shown` is false and only `views` is filled."""

    views: int
    is_shown: bool
    finished_percent: float = 0
    stalls_per_hour: float = 0
    stalled_percent: float = 0
    parts: list[Part] = field(default_factory=list)
    most_rewatched: Part | None = None
    qualities: list[Share] = field(default_factory=list)
    # Starts in the slots of telemetry.START_SLOTS_MS and later.
    starts: list[int] = field(default_factory=list)


def watching_of(video: Video) -> Watching:
    """Everything about one published video, in three queries."""
    tally = WatchTally.objects.filter(video=video).first() or WatchTally(video=video)
    if not _is_shown(tally) or video.published is None:
        return Watching(views=tally.views, is_shown=False)
    seconds = video.published.seconds
    counted = {row.bucket: (row.views, row.plays - row.views) for row in video.bucket_tallies.all()}
    buckets = [counted.get(bucket, (0, 0)) for bucket in range(telemetry.buckets_of(seconds))]
    played = {row.rendition: row.played for row in video.rendition_tallies.all() if row.played}
    total = sum(played.values())
    return Watching(
        views=tally.views,
        is_shown=True,
        finished_percent=_percent(tally.finished, tally.views),
        stalls_per_hour=_per_hour(tally.stalls, total),
        stalled_percent=_percent(tally.stalled, tally.stalled + total),
        parts=list(_parts(buckets, seconds, tally.views)),
        most_rewatched=_most_rewatched(buckets, seconds, tally.views),
        qualities=_shares(played),
        starts=tally.starts,
    )


def with_watching(
    rows: QuerySet[Video], *, since: dt.date | None = None, until: dt.date | None = None
) -> QuerySet[Video]:
    """The same videos with `views`, `viewers`, `watched_percent`, `stalls_per_hour` and `delivered_bytes`.

    `viewers` is a lower bound of the number of people who watched, `watched_percent` how much of the video a view covered
    on average. Below five viewers both rates are None. `since` and `until` bound the days of `delivered_bytes`
    alone: the other sums know no days, because the difference of two days would be one person.
    """
    seen = BucketTally.objects.filter(video=OuterRef("pk")).order_by().values("video")
    played = RenditionTally.objects.filter(video=OuterRef("pk")).order_by().values("video")
    days = DeliveredBytes.objects.filter(video=OuterRef("pk")).order_by().values("video")
    if since:
        days = days.filter(day__gte=since)
    if until:
        days = days.filter(day__lte=until)
    buckets = Greatest(Ceil(F("published__seconds") / float(telemetry.BUCKET_SECONDS)), 1.0)
    whole = NullIf(F("watching__views") * buckets, 0.0)
    played_ms = Cast(Subquery(played.values(total=Sum("played"))), FloatField())
    share = Least(100.0 * Cast(Subquery(seen.values(total=Sum("views"))), FloatField()) / whole, 100.0)
    return (
        rows.select_related("center")
        .prefetch_related("rendition_tallies")
        .annotate(
            views=Coalesce(F("watching__views"), 0),
            viewers=Coalesce(_BitCount("watching__viewer_bits"), 0),
            delivered_bytes=Coalesce(
                Subquery(days.values(total=Sum("bytes"))), 0, output_field=BigIntegerField()
            ),
        )
        .annotate(
            watched_percent=_from_five_viewers(share),
            stalls_per_hour=_from_five_viewers(
                F("watching__stalls") * float(HOUR_MS) / NullIf(played_ms, 0.0)
            ),
        )
    )


def qualities_of(video: Video) -> list[Share]:
    """The quality mix of a row of `with_watching`, the most played first; empty below five viewers."""
    if getattr(video, "viewers", 0) <= MOST_HIDDEN_VIEWERS:
        return []
    played = {row.rendition: row.played for row in video.rendition_tallies.all() if row.played}
    return sorted(_shares(played), key=lambda share: -share.percent)


def quality_label(name: str) -> str:
    """`144p` as 144, `144p-low` as 144−, as narrow as a column of a chart on a phone."""
    return _("Sound only") if name == AUDIO else name.replace("p-low", "−").removesuffix("p")


def _shares(played: dict[str, int]) -> list[Share]:
    total = sum(played.values())
    return [Share(name, _percent(time, total)) for name, time in played.items()]


class _BitCount(Func):
    """How many bits of a whole number are set."""

    template = "bit_count((%(expressions)s)::bit(64))"
    output_field = IntegerField()


def _from_five_viewers(rate: Any) -> Case:
    return Case(When(viewers__gt=MOST_HIDDEN_VIEWERS, then=rate), output_field=FloatField())


def _is_shown(tally: WatchTally) -> bool:
    return tally.viewer_bits.bit_count() > MOST_HIDDEN_VIEWERS


def _parts(buckets: list[tuple[int, int]], seconds: float, views: int) -> Iterable[Part]:
    size = -(-len(buckets) // MOST_PARTS)
    for first in range(0, len(buckets), size):
        yield _part(buckets, first, min(first + size, len(buckets)) - 1, seconds, views)


def _part(buckets: list[tuple[int, int]], first: int, last: int, seconds: float, views: int) -> Part:
    stretch = buckets[first : last + 1]
    most = max(seen for seen, _again in stretch)
    return Part(
        start=first * telemetry.BUCKET_SECONDS,
        end=min((last + 1) * telemetry.BUCKET_SECONDS, seconds),
        views=most,
        again=max(again for _seen, again in stretch),
        percent=_percent(most, views),
    )


def _most_rewatched(buckets: list[tuple[int, int]], seconds: float, views: int) -> Part | None:
    """The 5 s played again most often, and the neighbors that reach half of that."""
    again = [times for _seen, times in buckets]
    peak = max(again)
    if peak == 0:
        return None
    first = last = again.index(peak)
    while first > 0 and again[first - 1] * 2 >= peak:
        first -= 1
    while last + 1 < len(again) and again[last + 1] * 2 >= peak:
        last += 1
    return _part(buckets, first, last, seconds, views)


def _percent(part: float, whole: float) -> float:
    return min(100.0, 100 * part / whole) if whole else 0.0


def _per_hour(count: int, milliseconds: int) -> float:
    return count * HOUR_MS / milliseconds if milliseconds else 0.0
