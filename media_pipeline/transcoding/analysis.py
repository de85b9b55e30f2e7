"""Looks at what a file shows and hears how loud it is, by decoding as little as possible."""

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from itertools import starmap
from pathlib import Path
from typing import Any

from media_pipeline.transcoding.binaries import Binaries, able_to
from media_pipeline.transcoding.failures import Reason, Refused
from media_pipeline.transcoding.probe import Probe, demux_options, unreadable_refused
from media_pipeline.transcoding.runner import (
    CageFailed,
    Killed,
    Limits,
    ProcessFailed,
    Stalled,
    TimedOut,
    run,
)

QUIET = ("-hide_banner", "-nostdin", "-nostats", "-progress", "pipe:1")
SAMPLES = 5
FRAMES_PER_SAMPLE = 9
SAMPLE_WIDTH, SAMPLE_HEIGHT = 320, 180
SAMPLE_BYTES = SAMPLE_WIDTH * SAMPLE_HEIGHT
# A drawn picture has few exact colors: levels far more frequent than their neighbors.
SPIKE_SHARE, SPIKE_OVER_NEIGHBORS, DRAWN_SHARE = 0.01, 3, 0.5
STILL_LEVELS, STILL_SHARE = 3, 0.995
SILENCE_LUFS = -60.0
# One channel that both ears hear.
HEAR = "aformat=channel_layouts=mono,ebur128=framelog=quiet:dualmono=true"
TONE_FILTERS = ("zscale", "tonemap")
AV1_ENCODER = "libsvtav1"


class Profile(StrEnum):
    """What kind of picture it is."""

    CAMERA = "camera"
    SCREENCAST = "screencast"
    SLIDES = "slides"
    SOUND = "sound"


@dataclass(frozen=True, slots=True)
class Loudness:
    """Integrated loudness (EBU R 128) of the stream `index`."""

    index: int
    lufs: float

    @property
    def is_silent(self) -> bool:
        return self.lufs <= SILENCE_LUFS


@dataclass(frozen=True, slots=True)
class Analysis:
    """`drawn` and `still` are the shares (0-1) the profile follows from."""

    profile: str = Profile.CAMERA
    drawn: float = 0.0
    still: float = 0.0
    loudness: list[Loudness] = field(default_factory=list)
    can_av1: bool = False

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    def loudness_of(self, index: int) -> Loudness | None:
        return next((loudness for loudness in self.loudness if loudness.index == index), None)


def analysis_from_json(data: dict[str, Any]) -> Analysis:
    """The inverse of `Analysis.as_json`."""
    return Analysis(**{**data, "loudness": [Loudness(**one) for one in data["loudness"]]})


def analyze(
    source: Path,
    probe: Probe,
    *,
    folder: Path,
    binaries: Binaries,
    on_tick: Callable[[], None] | None = None,
) -> Analysis:
    """Sample the picture and measure each sound once.

    Raises Refused for HDR that this ffmpeg cannot convert, and for a file of which most cannot be decoded; ProcessFailed
    where it is the ffmpeg that can decode nothing.
    """
    try:
        return _analyze(source, probe, folder=folder, binaries=binaries, on_tick=on_tick)
    except Refused as refused:
        cause = refused.__cause__
        if isinstance(cause, ProcessFailed) and not _works(folder, binaries):
            raise cause from refused
        raise


def _works(folder: Path, binaries: Binaries) -> bool:
    """Whether ffmpeg decodes a picture of our own: a broken installation must not refuse people's files for good."""
    picture = ("-f", "lavfi", "-i", "color=size=16x16:rate=1:duration=1", "-frames:v", "1", "-f", "null", "-")
    try:
        run([str(binaries.ffmpeg), *QUIET, "-v", "error", *picture], folder=folder, limits=Limits())
    except ProcessFailed:
        return False
    return True


def _analyze(
    source: Path, probe: Probe, *, folder: Path, binaries: Binaries, on_tick: Callable[[], None] | None
) -> Analysis:
    is_hdr = bool(probe.video and probe.video.is_hdr)
    if is_hdr and not able_to(binaries.ffmpeg, "filters").issuperset(TONE_FILTERS):
        raise Refused(Reason.HDR)
    drawn = still = 0.0
    profile = Profile.SOUND
    if probe.video:
        drawn, still = _sample(source, probe, folder=folder, binaries=binaries, on_tick=on_tick)
        profile = _profile(drawn, still)
    return Analysis(
        profile=profile.value,
        drawn=round(drawn, 3),
        still=round(still, 3),
        loudness=[
            _hear(source, probe, sound.index, folder=folder, binaries=binaries, on_tick=on_tick)
            for sound in probe.sounds
        ],
        can_av1=AV1_ENCODER in able_to(binaries.ffmpeg, "encoders"),
    )


def _profile(drawn: float, still: float) -> Profile:
    if still >= STILL_SHARE:
        return Profile.SLIDES
    return Profile.SCREENCAST if drawn >= DRAWN_SHARE else Profile.CAMERA


def _sample(
    source: Path,
    probe: Probe,
    *,
    folder: Path,
    binaries: Binaries,
    on_tick: Callable[[], None] | None,
) -> tuple[float, float]:
    """How much of the picture is drawn, and how much of it stands still from one picture to a later one.

    A few pictures after key frames at five places, reduced by leaving out pixels, not by mixing them.
    """
    video = probe.video
    if video is None:
        return 0.0, 0.0
    argv = [str(binaries.ffmpeg), *QUIET, "-v", "error", "-y"]
    for at in _places(probe):
        argv += [
            "-ss",
            f"{at:.3f}",
            "-noaccurate_seek",
            "-threads",
            "1",
            *_flat(probe),
            "-i",
            f"file:{source}",
        ]
    targets = [folder / f"sample-{number}.gray" for number in range(SAMPLES)]
    for number, target in enumerate(targets):
        argv += ["-map", f"{number}:{video.index}", "-frames:v", str(FRAMES_PER_SAMPLE)]
        argv += ["-vf", f"scale={SAMPLE_WIDTH}:{SAMPLE_HEIGHT}:flags=neighbor,format=gray"]
        argv += ["-fps_mode", "passthrough", "-f", "rawvideo", f"file:{target}"]
    limits = Limits(wall_seconds=180, stall_seconds=120, cpu_seconds=180)
    try:
        run(argv, folder=folder, limits=limits, readable=[source], on_tick=on_tick)
        seen = [_pictures(target) for target in targets if target.exists()]
    except (TimedOut, Stalled, CageFailed, Killed):
        raise
    except ProcessFailed as error:
        if (
            sum(_shows(source, probe, place, folder, binaries, on_tick) for place in _places(probe))
            < SAMPLES / 2
        ):
            raise Refused(Reason.UNREADABLE, detail="most of the pictures") from error
        # A damaged place: whatever the rest holds, the careful profile is right for it.
        return 0.0, 0.0
    finally:
        for target in targets:
            target.unlink(missing_ok=True)
    seen = [pictures for pictures in seen if pictures]
    if not seen:
        return 0.0, 0.0
    drawn = sum(_drawn(pictures[0]) for pictures in seen) / len(seen)
    pairs = [(pictures[0], pictures[-1]) for pictures in seen if len(pictures) > 1]
    still = min(starmap(_still, pairs), default=0.0)
    return drawn, still


def _places(probe: Probe) -> list[float]:
    """The seconds at which samples are taken."""
    last = probe.video.last if probe.video else 0.0
    return [last * (number + 0.5) / SAMPLES for number in range(SAMPLES)]


def _shows(
    source: Path,
    probe: Probe,
    at: float,
    folder: Path,
    binaries: Binaries,
    on_tick: Callable[[], None] | None,
) -> bool:
    """Whether a picture can be decoded at the second `at`, or soon after."""
    argv = [str(binaries.ffmpeg), *QUIET, "-v", "error", "-ss", f"{at:.3f}", "-noaccurate_seek"]
    argv += [
        "-t",
        "10",
        *_flat(probe),
        "-i",
        f"file:{source}",
        "-map",
        f"0:{probe.video.index if probe.video else 0}",
    ]
    argv += ["-frames:v", "1", "-f", "null", "-"]
    seen: list[str] = []
    limits = Limits(wall_seconds=60, stall_seconds=60, cpu_seconds=60)
    try:
        run(argv, folder=folder, limits=limits, readable=[source], on_line=seen.append, on_tick=on_tick)
    except (TimedOut, Stalled, CageFailed, Killed):
        raise
    except ProcessFailed:
        return False
    return "frame=1" in seen


def _pictures(target: Path) -> list[bytes]:
    data = target.read_bytes()
    return [data[at : at + SAMPLE_BYTES] for at in range(0, len(data) - SAMPLE_BYTES + 1, SAMPLE_BYTES)]


def _drawn(picture: bytes) -> float:
    """The share of pixels whose level is a spike of the histogram."""
    counts = Counter(picture)
    spikes = 0
    for level, count in counts.items():
        beside = (counts.get(level - 1, 0) + counts.get(level + 1, 0)) / 2
        if count >= SPIKE_SHARE * len(picture) and count >= SPIKE_OVER_NEIGHBORS * beside:
            spikes += count
    return spikes / len(picture)


def _still(one: bytes, other: bytes) -> float:
    same = sum(abs(a - b) <= STILL_LEVELS for a, b in zip(one, other, strict=True))
    return same / len(one)


def _hear(
    source: Path,
    probe: Probe,
    index: int,
    *,
    folder: Path,
    binaries: Binaries,
    on_tick: Callable[[], None] | None,
) -> Loudness:
    """EBU R 128 of what will be played: what `loudnorm` measures in its first pass, at a tenth of the time."""
    argv = [str(binaries.ffmpeg), *QUIET, "-v", "info", *_flat(probe), "-i", f"file:{source}"]
    argv += ["-map", f"0:{index}", "-af", HEAR, "-f", "null", "-"]
    wall = 120 + probe.seconds
    limits = Limits(wall_seconds=wall, stall_seconds=120, cpu_seconds=int(wall))
    with unreadable_refused(source):
        finished = run(argv, folder=folder, limits=limits, readable=[source], on_tick=on_tick)
    found = re.findall(r"^\s*I:\s+(-?[\d.]+) LUFS", finished.tail, re.MULTILINE)
    return Loudness(index, float(found[-1]) if found else SILENCE_LUFS)


def _flat(probe: Probe) -> list[str]:
    return [part for name, value in demux_options(probe.container).items() for part in (f"-{name}", value)]
