"""How videos are watched, as instructors see it."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import F, OuterRef, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from media_pipeline import telemetry
from media_pipeline.models import RungTally, Video, WatchTally

# Fewer could be told apart: a curve of two people says who stopped where.
MOST_HIDDEN_VIEWERS = 4
# A curve of an hour has 720 parts; nobody reads more than these in a table.
MOST_PARTS = 60
HOUR_MS = 3_600_000


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of the film in seconds. `views`, `again` and `percent` (of all views) are those of its best 5 s."""

    start: float
    end: float
    views: int
    again: int
    percent: float


@dataclass(frozen=True, slots=True)
class Share:
    """One quality by the part of all playing time, in percent."""

    name: str
    percent: float


@dataclass(frozen=True, slots=True)
class Watching:
    """What is known of one video. Below five viewers `is_shown` is false and only `views` says anything."""

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


@dataclass(frozen=True, slots=True)
class WatchedVideo:
    """A line of the report; numbers are None below five viewers."""

    pk: int
    title: str
    center: str
    views: int
    finished_percent: float | None
    stalls_per_hour: float | None


def watching_of(video: Video) -> Watching:
    """Everything about one published video, in three questions."""
    tally = WatchTally.objects.filter(video=video).first() or WatchTally(video=video)
    if not _is_shown(tally) or video.published is None:
        return Watching(views=tally.views, is_shown=False)
    seconds = video.published.seconds
    counted = {row.bucket: (row.views, row.plays - row.views) for row in video.bucket_tallies.all()}
    buckets = [counted.get(bucket, (0, 0)) for bucket in range(telemetry.buckets_of(seconds))]
    played = {row.rung: row.played for row in video.rung_tallies.all() if row.played}
    total = sum(played.values())
    return Watching(
        views=tally.views,
        is_shown=True,
        finished_percent=_percent(tally.finished, tally.views),
        stalls_per_hour=_per_hour(tally.stalls, total),
        stalled_percent=_percent(tally.stalled, tally.stalled + total),
        parts=list(_parts(buckets, seconds, tally.views)),
        most_rewatched=_most_rewatched(buckets, seconds, tally.views),
        qualities=[Share(name, _percent(time, total)) for name, time in played.items()],
        starts=tally.starts,
    )


def most_viewed_first(rows: QuerySet[Video]) -> QuerySet[Video]:
    """The same videos with what `watched_videos` reads, the most viewed first."""
    played = RungTally.objects.filter(video=OuterRef("pk")).order_by().values("video")
    return (
        rows.select_related("watching", "center")
        .annotate(
            views=Coalesce(F("watching__views"), Value(0)),
            played=Subquery(played.annotate(total=Sum("played")).values("total")),
        )
        .order_by("-views", "-pk")
    )


def watched_videos(rows: Iterable[Video]) -> list[WatchedVideo]:
    """The lines of the report for rows of `most_viewed_first`."""
    lines = []
    for video in rows:
        tally = getattr(video, "watching", None) or WatchTally()
        is_shown = _is_shown(tally)
        lines.append(
            WatchedVideo(
                pk=video.pk,
                title=video.title,
                center=str(video.center),
                views=tally.views,
                finished_percent=_percent(tally.finished, tally.views) if is_shown else None,
                stalls_per_hour=_per_hour(tally.stalls, getattr(video, "played", None) or 0)
                if is_shown
                else None,
            )
        )
    return lines


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
