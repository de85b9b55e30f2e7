"""Takes samples of a file: a few pictures at five positions, and the loudness of each sound."""

import re
from pathlib import Path

from media_pipeline.transcoding.binaries import Binaries
from media_pipeline.transcoding.failures import Reason, Refused
from media_pipeline.transcoding.probe import Probe, demux_options, unreadable_refused
from media_pipeline.transcoding.runner import (
    Killed,
    Limits,
    OnLine,
    OnTick,
    ProcessFailed,
    SandboxFailed,
    Stalled,
    TimedOut,
    run,
)

QUIET = ("-hide_banner", "-nostdin", "-nostats", "-progress", "pipe:1")
SAMPLES = 5
FRAMES_PER_SAMPLE = 9
SAMPLE_WIDTH, SAMPLE_HEIGHT = 320, 180
SAMPLE_BYTES = SAMPLE_WIDTH * SAMPLE_HEIGHT
SILENCE_LUFS = -60.0
# Mono, played on both channels.
LOUDNESS_FILTER = "aformat=channel_layouts=mono,ebur128=framelog=quiet:dualmono=true"

# Gray pictures of `SAMPLE_WIDTH` x `SAMPLE_HEIGHT`, one after the other.
type Sample = list[bytes]


class Sampler:
    """Samples of one file; `folder` is the working folder."""

    def __init__(
        self, source: Path, probe: Probe, *, folder: Path, binaries: Binaries, on_tick: OnTick | None
    ) -> None:
        self.source = source
        self.probe = probe
        self.folder = folder
        self.binaries = binaries
        self.on_tick = on_tick
        # Set when the samples are taken: at some positions no picture was decoded.
        self.is_damaged = False

    def sample_all(self) -> tuple[list[Sample], dict[int, float]]:
        """Samples of the picture, and the loudness in LUFS of each sound by its index.

        The picture and the first sound in one process: starting one takes as long as either. Where that fails each runs
        alone, to find what is wrong with the file. Raises Refused for a file of which most cannot be decoded,
        ProcessFailed and its kinds.
        """
        sound_indexes = [sound.index for sound in self.probe.sounds]
        if self.probe.video and sound_indexes:
            try:
                samples, loudness = self._sample_picture_and_sound(sound_indexes[0])
            except (TimedOut, Stalled, SandboxFailed, Killed):
                raise
            except ProcessFailed:
                pass
            else:
                return samples, {sound_indexes[0]: loudness} | {
                    index: self._measure_loudness(index) for index in sound_indexes[1:]
                }
        samples = self._sample_picture() if self.probe.video else []
        return samples, {index: self._measure_loudness(index) for index in sound_indexes}

    def can_decode(self) -> bool:
        """Whether ffmpeg decodes a picture of our own: so that a broken installation does not refuse files for good."""
        picture = ("-f", "lavfi", "-i", "color=size=16x16:rate=1:duration=1", "-frames:v", "1")
        try:
            self._run(["-v", "error", *picture, "-f", "null", "-"], Limits())
        except ProcessFailed:
            return False
        return True

    # --- What is run -------------------------------------------------------------------------------------------

    def _sample_picture_and_sound(self, index: int) -> tuple[list[Sample], float]:
        argv = [
            "-v",
            "info",
            "-y",
            *self._inputs_at_moments(),
            *self._opened(),
            *self._pictures(),
            *_loudness_options(SAMPLES, index),
        ]
        try:
            stderr = self._run(argv, self._whole_length())
            return self._read(), _loudness(stderr)
        finally:
            self._tidy()

    def _sample_picture(self) -> list[Sample]:
        limits = Limits(wall_seconds=180, stall_seconds=120, cpu_seconds=180)
        try:
            self._run(["-v", "error", "-y", *self._inputs_at_moments(), *self._pictures()], limits)
            return self._read()
        except (TimedOut, Stalled, SandboxFailed, Killed):
            raise
        except ProcessFailed as error:
            if sum(map(self._can_decode_at, self._moments())) < SAMPLES / 2:
                raise Refused(Reason.UNREADABLE, detail="most of the pictures") from error
            # A damaged position: samples of the rest would not be representative.
            self.is_damaged = True
            return []
        finally:
            self._tidy()

    def _measure_loudness(self, index: int) -> float:
        """EBU R 128 loudness of the mono mix: the measurement of the first pass of `loudnorm`, in a tenth of the time."""
        with unreadable_refused(self.source):
            stderr = self._run(
                ["-v", "info", *self._opened(), *_loudness_options(0, index)], self._whole_length()
            )
        return _loudness(stderr)

    def _can_decode_at(self, at: float) -> bool:
        """Whether a picture can be decoded at the second `at`, or soon after."""
        argv = ["-v", "error", "-ss", f"{at:.3f}", "-noaccurate_seek", "-t", "10", *self._opened()]
        argv += ["-map", f"0:{self._picture_index}", "-frames:v", "1", "-f", "null", "-"]
        seen: list[str] = []
        try:
            self._run(argv, Limits(wall_seconds=60, stall_seconds=60, cpu_seconds=60), seen.append)
        except (TimedOut, Stalled, SandboxFailed, Killed):
            raise
        except ProcessFailed:
            return False
        return "frame=1" in seen

    def _run(self, argv: list[str], limits: Limits, on_line: OnLine | None = None) -> str:
        """Run ffmpeg; returns the end of its output."""
        return run(
            [str(self.binaries.ffmpeg), *QUIET, *argv],
            folder=self.folder,
            limits=limits,
            readable=[self.source],
            on_line=on_line,
            on_tick=self.on_tick,
        ).tail

    def _whole_length(self) -> Limits:
        wall = 120 + self.probe.seconds
        return Limits(wall_seconds=wall, stall_seconds=120, cpu_seconds=int(wall))

    # --- Options of ffmpeg -------------------------------------------------------------------------------------

    def _opened(self) -> list[str]:
        flat = [
            part
            for name, value in demux_options(self.probe.container).items()
            for part in (f"-{name}", value)
        ]
        return [*flat, "-i", f"file:{self.source}"]

    def _moments(self) -> list[float]:
        """The seconds at which samples are taken."""
        last = self.probe.video.last if self.probe.video else 0.0
        return [last * (number + 0.5) / SAMPLES for number in range(SAMPLES)]

    @property
    def _picture_index(self) -> int:
        return self.probe.video.index if self.probe.video else 0

    def _inputs_at_moments(self) -> list[str]:
        """The file, opened at a key frame before each moment."""
        before = ("-noaccurate_seek", "-threads", "1")
        return [part for at in self._moments() for part in ("-ss", f"{at:.3f}", *before, *self._opened())]

    def _pictures(self) -> list[str]:
        """A few pictures of each place, reduced by leaving out pixels, not by mixing them."""
        argv = []
        for number, target in enumerate(self._targets()):
            argv += ["-map", f"{number}:{self._picture_index}", "-frames:v", str(FRAMES_PER_SAMPLE)]
            argv += ["-vf", f"scale={SAMPLE_WIDTH}:{SAMPLE_HEIGHT}:flags=neighbor,format=gray"]
            argv += ["-fps_mode", "passthrough", "-f", "rawvideo", f"file:{target}"]
        return argv

    # --- Files -------------------------------------------------------------------------------------------------

    def _targets(self) -> list[Path]:
        return [self.folder / f"sample-{number}.gray" for number in range(SAMPLES)]

    def _read(self) -> list[Sample]:
        samples = [_cut(target.read_bytes()) for target in self._targets() if target.exists()]
        return [sample for sample in samples if sample]

    def _tidy(self) -> None:
        for target in self._targets():
            target.unlink(missing_ok=True)


def _cut(data: bytes) -> Sample:
    return [data[at : at + SAMPLE_BYTES] for at in range(0, len(data) - SAMPLE_BYTES + 1, SAMPLE_BYTES)]


def _loudness_options(source: int, index: int) -> list[str]:
    """The whole sound `index` of the input `source`, measured and thrown away."""
    return ["-map", f"{source}:{index}", "-af", LOUDNESS_FILTER, "-f", "null", "-"]


def _loudness(stderr: str) -> float:
    found = re.findall(r"^\s*I:\s+(-?[\d.]+) LUFS", stderr, re.MULTILINE)
    return float(found[-1]) if found else SILENCE_LUFS
