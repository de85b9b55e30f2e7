"""Classifies the picture of a file and measures its loudness, decoding as little as possible."""

from collections import Counter
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from itertools import starmap
from pathlib import Path
from typing import Any

from media_pipeline.transcoding.binaries import Binaries, able_to
from media_pipeline.transcoding.failures import Reason, Refused
from media_pipeline.transcoding.probe import Probe
from media_pipeline.transcoding.runner import OnTick, ProcessFailed
from media_pipeline.transcoding.samples import SILENCE_LUFS, Sample, Sampler

# A drawn picture has few exact colors: some levels are far more frequent than their neighbors.
SPIKE_SHARE, SPIKE_OVER_NEIGHBORS, DRAWN_SHARE = 0.01, 3, 0.5
STILL_LEVELS, STILL_SHARE = 3, 0.995
TONE_FILTERS = ("zscale", "tonemap")
AV1_ENCODER = "libsvtav1"


class Profile(StrEnum):
    """The kind of picture."""

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
    """`drawn` and `still` are the shares (0-1) from which the profile follows; they are unknown for a damaged picture."""

    profile: str = Profile.CAMERA
    drawn: float = 0.0
    still: float = 0.0
    loudness: list[Loudness] = field(default_factory=list)
    can_av1: bool = False
    is_damaged: bool = False

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    def loudness_of(self, index: int) -> Loudness | None:
        return next((loudness for loudness in self.loudness if loudness.index == index), None)


def analyze(
    source: Path,
    probe: Probe,
    *,
    folder: Path,
    binaries: Binaries,
    on_tick: OnTick | None = None,
) -> Analysis:
    """Sample the picture and measure each sound once.

    Raises Refused for HDR that this ffmpeg cannot convert, and for a file of which most cannot be decoded;
    ProcessFailed where this ffmpeg cannot decode anything.
    """
    is_hdr = bool(probe.video and probe.video.is_hdr)
    if is_hdr and not able_to(binaries.ffmpeg, "filters").issuperset(TONE_FILTERS):
        raise Refused(Reason.HDR)
    sampler = Sampler(source, probe, folder=folder, binaries=binaries, on_tick=on_tick)
    try:
        samples, loudness = sampler.sample_all()
    except Refused as refused:
        cause = refused.__cause__
        if isinstance(cause, ProcessFailed) and not sampler.can_decode():
            raise cause from refused
        raise
    drawn, still = _drawn_and_still(samples)
    return Analysis(
        profile=(_profile(drawn, still) if probe.video else Profile.SOUND).value,
        drawn=round(drawn, 3),
        still=round(still, 3),
        loudness=[Loudness(index, lufs) for index, lufs in loudness.items()],
        can_av1=AV1_ENCODER in able_to(binaries.ffmpeg, "encoders"),
        is_damaged=sampler.is_damaged,
    )


def _profile(drawn: float, still: float) -> Profile:
    if still >= STILL_SHARE:
        return Profile.SLIDES
    return Profile.SCREENCAST if drawn >= DRAWN_SHARE else Profile.CAMERA


def _drawn_and_still(samples: list[Sample]) -> tuple[float, float]:
    """The share of the picture that is drawn, and the share that does not change from one sample to a later one.

    Zeros where there are no samples, which lead to the most careful profile.
    """
    if not samples:
        return 0.0, 0.0
    drawn = sum(_drawn(sample[0]) for sample in samples) / len(samples)
    pairs = [(sample[0], sample[-1]) for sample in samples if len(sample) > 1]
    still = min(starmap(_still, pairs), default=0.0)
    return drawn, still


def _drawn(picture: bytes) -> float:
    """The share of pixels whose level is a spike of the histogram."""
    counts = Counter(picture)
    spikes = 0
    for level, count in counts.items():
        neighbors = (counts.get(level - 1, 0) + counts.get(level + 1, 0)) / 2
        if count >= SPIKE_SHARE * len(picture) and count >= SPIKE_OVER_NEIGHBORS * neighbors:
            spikes += count
    return spikes / len(picture)


def _still(one: bytes, other: bytes) -> float:
    same = sum(abs(a - b) <= STILL_LEVELS for a, b in zip(one, other, strict=True))
    return same / len(one)
