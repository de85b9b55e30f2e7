"""Encodes each sound once for the whole video, shared by its renditions: mono AAC at -16 LUFS."""

from pathlib import Path

import ffmpeg

from media_pipeline.transcoding.binaries import Binaries
from media_pipeline.transcoding.command import OnFraction, bare, compiled, open_source, run_over
from media_pipeline.transcoding.failures import TranscodingFailed
from media_pipeline.transcoding.mp4 import read_track
from media_pipeline.transcoding.plan import Plan, Sound

# -1.5 dB: the ceiling of the limiter when quiet speech is amplified.
PEAK = 0.84
# Hz: super-wideband, which covers speech. 1 kHz less than the encoder's default takes an eighth less time and leaves more
# bits for audible frequencies. The low sound ends at 7 kHz anyway.
BANDWIDTH = 14_000
SLACK_SECONDS = 0.5


class BadSound(TranscodingFailed):
    """The output of ffmpeg is not the expected sound."""


def sound_name(sound: str) -> str:
    """The file of one sound; the joiner looks for it under this name."""
    return f"sound-{sound}.mp4"


def encode_sounds(
    source: Path,
    plan: Plan,
    *,
    folder: Path,
    binaries: Binaries,
    on_fraction: OnFraction = lambda _: None,
) -> dict[str, Path]:
    """Encode every sound of the plan into `folder` in one process; returns the files by sound name.

    Each is padded to the length of the whole and checked before this returns. Raises ProcessFailed, BadSound, BadFile.
    """
    if not plan.sounds:
        return {}
    files = {sound.name: folder / sound_name(sound.name) for sound in plan.sounds}
    opened = open_source(source, plan)
    outputs = [_aac(opened[str(sound.index)], sound, plan, files[sound.name]) for sound in plan.sounds]
    run_over(
        compiled(ffmpeg.merge_outputs(*outputs), binaries),
        seconds=plan.seconds,
        bits=max(sound.bits for sound in plan.sounds),
        folder=folder,
        readable=[source],
        on_fraction=on_fraction,
    )
    for path in files.values():
        seconds = read_track(path).seconds
        if abs(seconds - plan.seconds) > SLACK_SECONDS:
            raise BadSound(f"{path.name} lasts {seconds:.2f} s of {plan.seconds:.2f} s")
    return files


def _aac(
    stream: ffmpeg.nodes.FilterableStream, sound: Sound, plan: Plan, target: Path
) -> ffmpeg.nodes.OutputStream:
    stream = stream.filter("aresample", sound.rate, **{"async": 1, "first_pts": 0})
    stream = stream.filter("aformat", channel_layouts="mono")
    if sound.gain:
        stream = stream.filter("volume", f"{sound.gain}dB")
    if sound.gain > 0:
        stream = stream.filter("alimiter", limit=PEAK, level="disabled")
    stream = stream.filter("apad", whole_dur=plan.seconds)
    return ffmpeg.output(
        stream,
        f"file:{target}",
        t=plan.seconds,
        acodec="aac",
        ar=sound.rate,
        f="mp4",
        **({} if sound.is_low else {"cutoff": BANDWIDTH}),
        **{"b:a": sound.bits},
        **bare(),
    )
