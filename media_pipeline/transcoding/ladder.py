"""The ladder: which renditions a picture of a given size gets, and how many bits each may spend."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from media_pipeline.transcoding.notes import Note, NoteCode, note
from media_pipeline.transcoding.probe import VideoStream

SOURCE_HEADROOM = Fraction(13, 10)
MIN_RENDITION_BITS = 24_000
H264, AV1 = "h264", "av1"
SOUND, LOW_SOUND = "audio", "audio-low"
FIRST_PHASE, SECOND_PHASE = 1, 2
FIRST_PHASE_SHORT_SIDE = 240


@dataclass(frozen=True, slots=True)
class LadderStep:
    """One step of the ladder: the short side in pixels, the most bits per second, x264's quality.

    `buffer_seconds` is how long a burst may be, `every` which pictures are kept (2: every second one).
    """

    name: str
    short_side: int
    max_bits: int
    crf: int
    buffer_seconds: float = 2.0
    every: int = 1
    sound: str = SOUND
    codec: str = H264


# For 64 kbit/s connections: picture and sound together stay below 52 kbit/s in every segment, so that each arrives
# before it is played, a round trip of 600 ms included.
LOW = LadderStep("144p-low", 144, 24_000, 30, buffer_seconds=1.5, every=2, sound=LOW_SOUND)
LADDER = (
    LadderStep("144p", 144, 100_000, 26),
    LadderStep("240p", 240, 220_000, 26),
    LadderStep("360p", 360, 400_000, 26),
    LadderStep("480p", 480, 700_000, 25),
    LadderStep("720p", 720, 1_400_000, 24),
)
FULL_HD = LadderStep("1080p", 1080, 2_800_000, 24)
AV1_STEP = LadderStep("240p-av1", 240, 130_000, 40, codec=AV1)


@dataclass(frozen=True, slots=True)
class PlannedRendition:
    """One rendition to make. Width and height in pixels, bits per second of video, `buffer_bits` of burst."""

    name: str
    width: int
    height: int
    max_bits: int
    crf: int
    phase: int = SECOND_PHASE
    buffer_bits: int = 0
    every: int = 1
    sound: str = SOUND
    codec: str = H264

    @property
    def short_side(self) -> int:
        return min(self.width, self.height)


def plan_renditions(
    video: VideoStream, notes: list[Note], *, has_full_hd: bool, has_av1: bool, may_halve: bool
) -> list[PlannedRendition]:
    """The renditions for a picture, the lowest first. Never upscales, never spends more than 1.3 times the source's bits."""
    steps = [*LADDER, FULL_HD] if has_full_hd else LADDER
    short_side = min(video.width, video.height)
    fitting = [step for step in steps if step.short_side <= short_side]
    if not fitting:
        fitting = [LadderStep(f"{short_side}p", short_side, steps[0].max_bits, steps[0].crf)]
        notes.append(note(NoteCode.KEPT_SMALL, short_side=short_side))
    elif fitting[-1] != steps[-1]:
        notes.append(note(NoteCode.NEVER_LARGER, largest=fitting[-1].short_side, short_side=short_side))
    if video.height > video.width:
        notes.append(note(NoteCode.PORTRAIT))
    cap = max(MIN_RENDITION_BITS, round(video.bits * SOURCE_HEADROOM)) if video.bits else None
    if cap and cap < fitting[-1].max_bits:
        notes.append(note(NoteCode.BITS_CAPPED, kilobits=cap // 1000, source=video.bits // 1000))
    extra = [AV1_STEP] if has_av1 and short_side >= AV1_STEP.short_side else []
    # The first phase: the rendition for the slowest connections, and the best of the small ones.
    small = [step for step in fitting if step.short_side <= FIRST_PHASE_SHORT_SIDE]
    first = {LOW, *(small[-1:] if len(small) < len(fitting) else small)}
    return [
        _planned_rendition(
            video, step, cap, phase=FIRST_PHASE if step in first else SECOND_PHASE, may_halve=may_halve
        )
        for step in [LOW, *fitting, *extra]
    ]


def _planned_rendition(
    video: VideoStream, step: LadderStep, cap: int | None, *, phase: int, may_halve: bool
) -> PlannedRendition:
    own = min(video.width, video.height)
    scale = min(Fraction(1), Fraction(step.short_side, own))
    bits = min(step.max_bits, cap) if cap else step.max_bits
    return PlannedRendition(
        name=step.name,
        width=_even(video.width * scale),
        height=_even(video.height * scale),
        max_bits=bits,
        crf=step.crf,
        phase=phase,
        buffer_bits=round(bits * step.buffer_seconds),
        every=step.every if may_halve else 1,
        sound=step.sound,
        codec=step.codec,
    )


def _even(length: Fraction) -> int:
    """The nearest even number: 4:2:0 pictures have no odd sides."""
    return max(2, round(length / 2) * 2)


def largest(renditions: Sequence[PlannedRendition]) -> PlannedRendition:
    return max(renditions, key=lambda rendition: (rendition.height, rendition.max_bits))
