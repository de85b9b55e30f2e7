"""In which ways recordings can be played outside of lessons, and what each costs, without signing anything."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from media_pipeline.models import PublishedVersion, Rendition, Video
from media_pipeline.transcoding.package import CHAPTERS
from media_pipeline.transcoding.plan import dub_name, plan_from_json

# Pixels of the shorter side: a phone shows no more.
SHARPEST = 480


@dataclass(frozen=True, slots=True)
class TrackToRead:
    """Captions of a version; `name` is that of their file."""

    name: str
    language: str
    label: str


@dataclass(frozen=True, slots=True)
class WaysToPlay:
    """`pictures`: names of renditions that every device can decode, the lightest first, two at most; none of a sound.

    `sound`: the lightest sound; of a video empty where the lightest picture costs no more. `width` and `height` are those of the lightest.
    """

    seconds: float
    pictures: tuple[str, ...]
    sound: str
    width: int
    height: int
    sizes: Mapping[str, int]
    captions: tuple[TrackToRead, ...]

    def bytes_of(self, name: str) -> int:
        return self.sizes[name]


def versions_to_play(videos: Mapping[int, str]) -> dict[int, int]:
    """The keys of the published versions by those of the videos, which come with the SHA-256 of their sources: another source is another
    recording. Those that cannot be played now are left out. One query.
    """
    rows = Video.objects.filter(pk__in=videos, published__isnull=False).order_by()
    return {
        video: version
        for video, version, sha256 in rows.values_list("pk", "published", "sha256")
        if sha256 == videos[video]
    }


def ways_of(versions: Collection[int]) -> dict[int, WaysToPlay]:
    """By the keys of the versions, which never change. Two queries."""
    rows = PublishedVersion.objects.filter(pk__in=versions).prefetch_related("renditions")
    return {version.pk: _ways(version) for version in rows}


def _ways(version: PublishedVersion) -> WaysToPlay:
    rows = sorted(_without_dubs(version), key=lambda row: row.bytes)
    pictures = [row for row in rows if row.height and not row.codecs.startswith("av01")]
    plain = [
        row
        for row in pictures[1:]
        if min(row.width, row.height) <= SHARPEST and not row.name.endswith("-low")
    ]
    chosen = [*pictures[:1], *plain[-1:]]
    sound = next((row for row in rows if not row.height), None)
    if sound and chosen and sound.bytes >= chosen[0].bytes:
        sound = None
    return WaysToPlay(
        seconds=version.seconds,
        pictures=tuple(row.name for row in chosen),
        sound=sound.name if sound else "",
        width=chosen[0].width if chosen else 0,
        height=chosen[0].height if chosen else 0,
        sizes={row.name: row.bytes for row in rows},
        captions=tuple(
            TrackToRead(track["name"], track["language"], track["label"])
            for track in version.captions
            if track["kind"] != CHAPTERS
        ),
    )


def _without_dubs(version: PublishedVersion) -> list[Rendition]:
    """The renditions with the first sound of the video."""
    rows = list(version.renditions.all())
    plan = plan_from_json(version.plan) if version.plan else None
    numbers = range(2, len(plan.tracks) + 1) if plan and plan.is_dubbed else ()
    dubs = {dub_name(row.name, number) for row in rows for number in numbers}
    return [row for row in rows if row.name not in dubs]
