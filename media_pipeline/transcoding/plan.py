"""Plans the encoding of a file: renditions, chunks, phases, frame rate and loudness, with the reasons."""

from dataclasses import asdict, dataclass, field, fields, replace
from fractions import Fraction
from typing import Any

from media_pipeline.transcoding.analysis import Analysis, Loudness, Profile
from media_pipeline.transcoding.ladder import (
    FIRST_PHASE,
    LOW_SOUND,
    SECOND_PHASE,
    SOUND,
    PlannedRendition,
    plan_renditions,
)
from media_pipeline.transcoding.notes import Note, NoteCode, note
from media_pipeline.transcoding.probe import AudioStream, Probe, VideoStream
from media_pipeline.transcoding.sniff import CONTAINERS, Container

SEGMENT_SECONDS = 6
CHUNK_SECONDS = 60
ONE_CHUNK_SECONDS = 180
# Seeking decodes from the key frame before, so chunks are much longer than the distance between key frames.
GOPS_PER_CHUNK = 4
NTSC = Fraction(1000, 1001)
RATES = (*map(Fraction, (1, 2, 5, 10, 12, 15, 20, 24, 25, 30)), 24 * NTSC, 30 * NTSC)
MAX_FPS = {Profile.CAMERA: 30, Profile.SCREENCAST: 15, Profile.SLIDES: 10, Profile.SOUND: 1}
# From here on the lowest rendition keeps every second picture: fewer pictures get more bits each, and a lecture stays
# readable.
HALVED_FROM_FPS = 12
# From here on pictures may be kept out of order, which shows them later by a few of their own lengths.
OUT_OF_ORDER_FROM_FPS = 20
TARGET_LUFS = -16.0
MAX_GAIN_DB = 30.0
MAX_SOUNDS = 4
SOUND_BITS, LOW_SOUND_BITS = 48_000, 16_000
SOUND_RATE, LOW_SOUND_RATE = 48_000, 24_000


@dataclass(frozen=True, slots=True)
class Options:
    """The operator's settings."""

    has_full_hd: bool = False
    has_av1: bool = False
    chunk_seconds: int = CHUNK_SECONDS
    one_chunk_seconds: int = ONE_CHUNK_SECONDS


@dataclass(frozen=True, slots=True)
class Chunk:
    """A stretch of the video that one process encodes. Numbers count from 0; `frames` is exact."""

    number: int
    start_seconds: float
    seconds: float
    first_frame: int
    frames: int


@dataclass(frozen=True, slots=True)
class Sound:
    """One track to make of the stream `index`: mono AAC, changed by `gain` decibels.

    `language` is as the source says (ISO 639), `label` a title to show; both may be empty.
    """

    name: str
    index: int
    bits: int
    rate: int
    gain: float = 0.0
    language: str = ""
    label: str = ""

    @property
    def is_low(self) -> bool:
        return self.name.startswith(LOW_SOUND)


def dub_name(name: str, number: int) -> str:
    """The name of a file with the sound of that number, counted from 1: `240p`, `240p-2`, `audio-low-2`."""
    return name if number == 1 else f"{name}-{number}"


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything the encoder needs to know, as plain data: it is stored with the job and read back."""

    container: Container
    seconds: float
    fps: str
    renditions: list[PlannedRendition]
    video_index: int | None
    sounds: list[Sound] = field(default_factory=list)
    chunks: list[Chunk] = field(default_factory=list)
    segment_seconds: int = SEGMENT_SECONDS
    profile: str = Profile.CAMERA
    is_interlaced: bool = False
    is_hdr: bool = False
    # Whether the package has the pictures with each of several sounds; older plans have them with the first only.
    is_dubbed: bool = False
    # Where the last picture of the source is, and how far before a moment its key frame may lie.
    last_picture: float = 0.0
    preroll: float = 1.0
    reasons: list[Note] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @property
    def gop_frames(self) -> int:
        """Frames between key frames: one segment of them."""
        return max(1, -(-Fraction(self.fps) * self.segment_seconds // 1))

    @property
    def segment_length(self) -> Fraction:
        """Seconds of a whole segment: 6, or 6.006 at 29.97 frames a second."""
        return self.gop_frames / Fraction(self.fps)

    @property
    def phases(self) -> list[int]:
        """The phases with renditions or sounds to make; sound and an audio-only package belong to the first."""
        return sorted({FIRST_PHASE, *(rendition.phase for rendition in self.renditions)})

    def renditions_of(self, phase: int) -> list[PlannedRendition]:
        return [rendition for rendition in self.renditions if rendition.phase == phase]

    def up_to(self, phase: int) -> "Plan":
        """The plan of the package that is whole after `phase`."""
        return replace(
            self, renditions=[rendition for rendition in self.renditions if rendition.phase <= phase]
        )

    @property
    def listed_sounds(self) -> list[Sound]:
        """The sounds with a playlist of their own; the low ones only where there is no picture to carry them."""
        return [sound for sound in self.sounds if not sound.is_low or self.video_index is None]

    @property
    def tracks(self) -> list[Sound]:
        """The sounds a viewer chooses from, the first one first."""
        return [sound for sound in self.sounds if not sound.is_low]

    def dubs_of(self, rendition: PlannedRendition) -> list[PlannedRendition]:
        """The rendition with each of the sounds, as files of the package: the encoded pictures are copied.

        Whole files, because hls.js and our own stream cannot replace the sound muxed into fragmented MP4, and because
        each has to fit a 64 kbit/s connection.
        """
        if not self.is_dubbed:
            return [rendition]
        numbers = range(1, len(self.tracks) + 1)
        return [
            replace(rendition, name=dub_name(rendition.name, number), sound=dub_name(rendition.sound, number))
            for number in numbers
        ]

    @property
    def packaged_renditions(self) -> list[PlannedRendition]:
        return [dub for rendition in self.renditions for dub in self.dubs_of(rendition)]

    def sound_of(self, rendition: PlannedRendition) -> Sound | None:
        return next((sound for sound in self.sounds if sound.name == rendition.sound), None)


def plan_from_json(data: dict[str, Any]) -> Plan:
    """The inverse of `Plan.as_json`, which also reads older plans without chunks and several sounds."""
    container = next(known for known in CONTAINERS if known.demuxer == data["container"]["demuxer"])
    sounds = data.get("sounds")
    if sounds is None:
        sounds = [] if data["audio_index"] is None else [asdict(_sound(SOUND, data["audio_index"]))]
    known = {name.name for name in fields(Plan)}
    facts = {name: value for name, value in data.items() if name in known}
    return Plan(
        **{
            **facts,
            "container": container,
            "renditions": [PlannedRendition(**rendition) for rendition in data["renditions"]],
            "sounds": [Sound(**sound) for sound in sounds],
            "chunks": [Chunk(**chunk) for chunk in data.get("chunks", [])],
        }
    )


NOT_ANALYZED = Analysis()
DEFAULTS = Options()


def make_plan(probe: Probe, analysis: Analysis = NOT_ANALYZED, options: Options = DEFAULTS) -> Plan:
    """The plan for a probed and analyzed file."""
    video = probe.video
    notes: list[Note] = []
    renditions: list[PlannedRendition] = []
    chunks: list[Chunk] = []
    fps = Fraction(1)
    sounds = _sounds(probe.sounds, analysis, has_picture=video is not None, notes=notes)
    if video:
        notes.append(note(NoteCode(analysis.profile)))
        fps = _frame_rate(video, probe.seconds, analysis.profile, notes)
        renditions = plan_renditions(
            video,
            notes,
            has_full_hd=options.has_full_hd,
            has_av1=options.has_av1 and analysis.can_av1,
            may_halve=fps >= HALVED_FROM_FPS,
        )
        if options.has_av1:
            notes.append(note(NoteCode.AV1_ADDED if analysis.can_av1 else NoteCode.AV1_MISSING))
        chunks = _chunks(video, fps, probe.seconds, options, notes)
        _add_notes(video, probe, renditions, notes)
        if analysis.is_damaged:
            notes.append(note(NoteCode.DAMAGED))
    else:
        notes.append(note(NoteCode.AUDIO_ONLY))
    return Plan(
        container=probe.container,
        seconds=probe.seconds,
        fps=str(fps),
        renditions=renditions,
        video_index=video.index if video else None,
        sounds=sounds,
        chunks=chunks,
        is_dubbed=len(probe.sounds) > 1,
        profile=analysis.profile if video else Profile.SOUND,
        is_interlaced=bool(video and video.is_interlaced),
        is_hdr=bool(video and video.is_hdr),
        last_picture=video.last if video else 0.0,
        preroll=_preroll(probe.container, video) if video else 0.0,
        reasons=notes,
    )


def _add_notes(
    video: VideoStream, probe: Probe, renditions: list[PlannedRendition], notes: list[Note]
) -> None:
    if video.is_interlaced:
        notes.append(note(NoteCode.DEINTERLACED))
    if video.is_hdr:
        notes.append(note(NoteCode.TONE_MAPPED))
    elif video.depth > 8:
        notes.append(note(NoteCode.DEPTH_LOWERED, depth=video.depth))
    if video.end < probe.seconds - 0.5:
        notes.append(
            note(NoteCode.PICTURE_ENDS_FIRST, picture=round(video.end, 1), seconds=round(probe.seconds, 1))
        )
    if any(rendition.phase == SECOND_PHASE for rendition in renditions):
        first = [rendition.name for rendition in renditions if rendition.phase == FIRST_PHASE]
        notes.append(note(NoteCode.TWO_PHASES, first=", ".join(first)))


def _frame_rate(video: VideoStream, seconds: float, profile: str, notes: list[Note]) -> Fraction:
    """A rate whose segments begin on a frame. Counted frames win over the header, which ignores gaps."""
    declared = Fraction(video.fps)
    counted = Fraction(video.frames) / Fraction(max(video.end, 0.5)) if video.frames else declared
    source = min(declared, counted) if counted < declared * Fraction(9, 10) else declared
    limit = MAX_FPS[Profile(profile)]
    wanted = source
    # Halving 50 or 60 keeps motion even; cutting 50 to 30 would stutter.
    while wanted > limit * Fraction(1005, 1000):
        wanted /= 2
    fps = min(RATES, key=lambda rate: abs(rate - wanted))
    if abs(fps - wanted) > wanted / 100:
        fps = min(
            (rate for rate in RATES if rate.denominator == 1 and rate >= wanted), default=Fraction(limit)
        )
    if fps < source * Fraction(99, 100):
        notes.append(note(NoteCode.FRAME_RATE_LOWERED, source=_shown(source), fps=_shown(fps)))
    elif source != declared or fps > source * Fraction(101, 100):
        notes.append(note(NoteCode.FRAME_RATE_EVENED, source=_shown(source), fps=_shown(fps)))
    return fps


def _shown(rate: Fraction) -> float:
    return round(float(rate), 2)


def _chunks(
    video: VideoStream, fps: Fraction, seconds: float, options: Options, notes: list[Note]
) -> list[Chunk]:
    """Chunks of whole segments, all as long as the first, the last one with the rest."""
    frames = max(1, round(Fraction(seconds) * fps))
    gop = max(1, -(-fps * SEGMENT_SECONDS // 1))
    wanted = float(options.chunk_seconds)
    if video.gop * GOPS_PER_CHUNK > wanted:
        wanted = video.gop * GOPS_PER_CHUNK
        notes.append(note(NoteCode.FEW_KEY_FRAMES, seconds=round(video.gop, 1)))
    size = max(1, round(wanted / SEGMENT_SECONDS)) * gop
    # A rest shorter than half a chunk is added to the chunk before.
    count = 1 if seconds < options.one_chunk_seconds else max(1, round(frames / size))
    if count > 1:
        notes.append(note(NoteCode.CHUNKED, count=count, seconds=round(float(size / fps))))
    starts = [number * size for number in range(count)]
    return [
        Chunk(
            number=number,
            start_seconds=float(start / fps),
            seconds=float((end - start) / fps),
            first_frame=start,
            frames=end - start,
        )
        for number, (start, end) in enumerate(zip(starts, [*starts[1:], frames], strict=True))
    ]


def _preroll(container: Container, video: VideoStream) -> float:
    """How far before a chunk to open the source: pictures are stored up to four before they are shown."""
    fps = Fraction(video.frames) / Fraction(video.end) if video.frames and video.end else Fraction(video.fps)
    margin = 1 + float(4 / fps)
    return round(margin if container.is_indexed else margin + video.gop, 3)


def _sounds(
    streams: list[AudioStream], analysis: Analysis, *, has_picture: bool, notes: list[Note]
) -> list[Sound]:
    if not streams:
        notes.append(note(NoteCode.NO_SOUND))
        return []
    kept = streams[:MAX_SOUNDS]
    sounds = []
    for number, stream in enumerate(kept, start=1):
        loudness = analysis.loudness_of(stream.index)
        gain = _gain(loudness)
        name = dub_name(SOUND, number)
        sound = _sound(name, stream.index, gain=gain, language=stream.language, label=stream.label)
        low = replace(sound, name=dub_name(LOW_SOUND, number), bits=LOW_SOUND_BITS, rate=LOW_SOUND_RATE)
        sounds += [sound, low]
        if number == 1:
            if loudness and loudness.is_silent:
                notes.append(note(NoteCode.SILENT))
            elif loudness and gain:
                notes.append(note(NoteCode.SOUND_LEVELED, loudness=round(loudness.lufs, 1), gain=gain))
    if len(kept) > 1:
        notes.append(note(NoteCode.SOUNDS_KEPT, count=len(kept)))
    if len(streams) > len(kept):
        notes.append(note(NoteCode.SOUNDS_LEFT_OUT, count=len(streams) - len(kept)))
    most = max(stream.channels for stream in kept)
    if most > 2:
        notes.append(note(NoteCode.SURROUND_MIXED, channels=most))
    return sounds


def _sound(name: str, index: int, *, gain: float = 0.0, language: str = "", label: str = "") -> Sound:
    return Sound(
        name=name, index=index, bits=SOUND_BITS, rate=SOUND_RATE, gain=gain, language=language, label=label
    )


def _gain(loudness: Loudness | None) -> float:
    """Decibels to the target; silence stays silence."""
    if loudness is None or loudness.is_silent:
        return 0.0
    return round(max(-MAX_GAIN_DB, min(MAX_GAIN_DB, TARGET_LUFS - loudness.lufs)), 1)
