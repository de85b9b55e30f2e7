"""Bytes delivered."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Sum
from django.utils import timezone

from media_pipeline.models import DeliveredBytes, Video


@dataclass(frozen=True, slots=True)
class Delivered:
    """Bytes delivered of one video. `days` has (day, bytes) of the days with any, the newest first."""

    bytes: int
    days: list[tuple[dt.date, int]]

    @property
    def most(self) -> int:
        return max((size for _day, size in self.days), default=0)


def delivered(video: Video, *, days: int = 30) -> Delivered:
    """The bytes of `video` that were delivered today and in the days before, `days` in all."""
    since = timezone.localdate() - dt.timedelta(days=days - 1)
    rows = DeliveredBytes.objects.filter(video=video, day__gte=since)
    by_day = list(rows.values_list("day").annotate(size=Sum("bytes")).order_by("-day"))
    return Delivered(sum(size for _day, size in by_day), by_day)
