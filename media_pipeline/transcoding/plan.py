"""Decides what is made of a file: which rungs, how fast, how many bits, and why."""

from dataclasses import asdict, dataclass, field
from fractions import Fraction
from typing import Any

from media_pipeline.transcoding.probe import Probe, VideoStream
from media_pipeline.transcoding.sniff import CONTAINERS, Container

SEGMENT_SECONDS = 6
MAX_FPS = Fraction(30)
SOURCE_HEADROOM = Fraction(13, 10)
MIN_RUNG_BITS = 24_000
AUDIO_BITS = 48_000


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the ladder: the short side in pixels, the most bits per second, x264's quality."""

    short_side: int
    max_bits: int
    crf: int


LADDER = (
    Step(144, 100_000, 26),
    Step(240, 220_000, 26),
    Step(360, 400_000, 26),
    Step(480, 700_000, 25),
    Step(720, 1_400_000, 24),
)
FULL_HD = Step(1080, 2_800_000, 24)


@dataclass(frozen=True, slots=True)
class Rung:
    """One rendition to make. Width and height in pixels, `max_bits` per second of video."""

    name: str
    width: int
    height: int
    max_bits: int
    crf: int


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything the encoder needs to know, as plain data: it is stored with the job and read back."""

    container: Container
    seconds: float
    fps: str
    rungs: list[Rung]
    video_index: int | None
    audio_index: int | None
    audio_bits: int = AUDIO_BITS
    segment_seconds: int = SEGMENT_SECONDS
    is_interlaced: bool = False
    is_video_short: bool = False
    reasons: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @property
    def gop_frames(self) -> int:
        """Frames between key frames: one segment of them."""
        return max(1, -(-Fraction(self.fps) * self.segment_seconds // 1))


def plan_from_json(data: dict[str, Any]) -> Plan:
    """The inverse of `Plan.as_json`. Raises KeyError or TypeError for foreign data."""
    container = next(known for known in CONTAINERS if known.demuxer == data["container"]["demuxer"])
    return Plan(**{**data, "container": container, "rungs": [Rung(**rung) for rung in data["rungs"]]})


def make_plan(probe: Probe, *, has_full_hd: bool = False) -> Plan:
    """The plan for a probed file. Never upscales, never spends more than 1.3 times the source's bits."""
    video = probe.video
    reasons: list[str] = []
    rungs: list[Rung] = []
    fps = Fraction(1)
    if video:
        fps = _frame_rate(Fraction(video.fps), reasons)
        steps = [*LADDER, FULL_HD] if has_full_hd else LADDER
        rungs = _rungs(video, steps, reasons)
    else:
        reasons.append("audio only: the source has no moving picture")
    if probe.audio is None:
        reasons.append("no audio in the source")
    return Plan(
        container=probe.container,
        seconds=probe.seconds,
        fps=str(fps),
        rungs=rungs,
        video_index=video.index if video else None,
        audio_index=probe.audio.index if probe.audio else None,
        is_interlaced=bool(video and video.is_interlaced),
        is_video_short=bool(video and video.end < probe.seconds - 0.1),
        reasons=reasons,
    )


def _frame_rate(source: Fraction, reasons: list[str]) -> Fraction:
    fps = source
    # Halving 50 or 60 keeps motion even; cutting 50 to 30 would stutter.
    while fps > MAX_FPS:
        fps /= 2
    if fps != source:
        reasons.append(f"frame rate {float(source):.2f} lowered to {float(fps):.2f}")
    return max(fps, Fraction(1)).limit_denominator(1001)


def _rungs(video: VideoStream, steps: list[Step] | tuple[Step, ...], reasons: list[str]) -> list[Rung]:
    short_side = min(video.width, video.height)
    fitting = [step for step in steps if step.short_side <= short_side]
    if not fitting:
        fitting = [Step(short_side, steps[0].max_bits, steps[0].crf)]
        reasons.append(f"the source is smaller than {steps[0].short_side} pixels: kept at its size")
    elif fitting[-1] != steps[-1]:
        reasons.append(f"nothing above {fitting[-1].short_side} pixels: the source has {short_side}")
    if video.height > video.width:
        reasons.append("portrait: the ladder counts the width")
    cap = max(MIN_RUNG_BITS, round(video.bits * SOURCE_HEADROOM)) if video.bits else None
    if cap and cap < fitting[-1].max_bits:
        reasons.append(f"bits capped at {cap // 1000} kb/s: the source has {video.bits // 1000}")
    return [_rung(video, step, cap) for step in fitting]


def _rung(video: VideoStream, step: Step, cap: int | None) -> Rung:
    scale = Fraction(step.short_side, min(video.width, video.height))
    return Rung(
        name=f"{step.short_side}p",
        width=_even(video.width * scale),
        height=_even(video.height * scale),
        max_bits=min(step.max_bits, cap) if cap else step.max_bits,
        crf=step.crf,
    )


def _even(length: Fraction) -> int:
    """The nearest even number: 4:2:0 pictures have no odd sides."""
    return max(2, round(length / 2) * 2)
