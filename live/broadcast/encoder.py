"""One ffmpeg that turns a recording run into segments. Its input is untrusted: fixed format, few codecs, no files, no network."""

from collections.abc import AsyncIterator
from contextlib import suppress

from live.broadcast.matroska import Track
from live.broadcast.playlists import LISTED, EncoderRun
from live.broadcast.process import SandboxedFfmpeg
from media_pipeline.services.live_streams import Limits

H264 = "V_MPEG4/ISO/AVC"
# A class may last a working day; a picture of 360p costs well below a third of a core.
LIMITS = Limits(cpu_seconds=4 * 3600, file_bytes=32 * 1024**2, memory_bytes=2 * 1024**3, nice=0)
# Copied pictures are cut at the browser's keyframes, one a second; the value is a little less, so that none is missed.
COPY_SECONDS = "0.9"
ENCODE_SECONDS = "2"
CAMERA_SIDE, SCREEN_SIDE, SMALL_SIDE = 360, 720, 180
# Microseconds; a fragment also begins at each keyframe.
FRAGMENT = "200000"
BLOCK_BYTES = 256 * 1024


def arguments(run: EncoderRun, picture: Track, *, is_screen: bool, skip: float) -> list[str]:
    """The arguments of ffmpeg. `skip` seconds of the input were published before and are only decoded."""
    most = SCREEN_SIDE if is_screen else CAMERA_SIDE
    side = min(picture.width, picture.height)
    copies = can_copy(picture, is_screen=is_screen)
    seconds = COPY_SECONDS if copies else ENCODE_SECONDS
    keys = "source" if copies else f"expr:gte(t,n_forced*{ENCODE_SECONDS})"
    large = ["-c:v", "copy"] if copies else _encoded(picture, min(side, most), "450k", keys)
    small = _encoded(picture, min(side, SMALL_SIDE), "120k", keys)
    pictures, sound = ["-map", "0:v:0", "-map", "0:a:0"], ["-map", "0:a:0"]
    since = ["-ss", f"{skip:.3f}"] if skip else []
    return [
        *["-hide_banner", "-loglevel", "error", "-nostdin", "-protocol_whitelist", "pipe"],
        *["-format_whitelist", "matroska,webm", "-codec_whitelist", "h264,vp8,vp9,opus"],
        *["-max_pixels", "9000000", "-probesize", "1M", "-analyzeduration", "1M"],
        *["-f", "matroska", "-i", "pipe:0"],
        *[*since, *pictures, *large, *_sound("48k"), *_listed_and_flowing("360p", run, seconds)],
        *[*since, *pictures, *small, *_sound("32k"), *_listed("180p", run, seconds)],
        *[*since, *sound, *_sound("32k"), *_listed("audio", run, ENCODE_SECONDS)],
    ]


def can_copy(picture: Track, *, is_screen: bool) -> bool:
    """The browser's own H.264 is copied, unless it is too large for a phone's connection."""
    most = SCREEN_SIDE if is_screen else CAMERA_SIDE
    return picture.codec == H264 and min(picture.width, picture.height) <= most


def _encoded(picture: Track, side: int, bits: str, keys: str) -> list[str]:
    side -= side % 2
    size = f"{side}:-2" if picture.width < picture.height else f"-2:{side}"
    return [
        *["-vf", f"scale={size}", "-c:v", "libx264", "-preset", "veryfast", "-tune", "zerolatency"],
        *["-profile:v", "main", "-pix_fmt", "yuv420p", "-crf", "27", "-maxrate", bits, "-bufsize", bits],
        *["-sc_threshold", "0", "-g", "600", "-force_key_frames", keys, "-threads", "2"],
    ]


def _sound(bits: str) -> list[str]:
    # Gaps that the browser left become silence, so that sound and picture stay together.
    return ["-c:a", "aac", "-ac", "1", "-ar", "48000", "-b:a", bits, "-af", "aresample=async=1000"]


def _listing(variant: str, run: EncoderRun, seconds: str) -> dict[str, str]:
    return {
        "hls_time": seconds,
        "hls_playlist_type": "event",
        "hls_segment_type": "fmp4",
        "hls_fmp4_init_filename": f"{variant}-{run.number}-init.mp4",
        "hls_segment_filename": f"{variant}-{run.number}-%05d.mp4",
        "hls_flags": "independent_segments+temp_file",
    }


def _listed(variant: str, run: EncoderRun, seconds: str) -> list[str]:
    options = [
        word for name, value in _listing(variant, run, seconds).items() for word in (f"-{name}", value)
    ]
    return ["-f", "hls", *options, LISTED.format(variant, run.number)]


def _listed_and_flowing(variant: str, run: EncoderRun, seconds: str) -> list[str]:
    """The same, and what was encoded once more as a stream on standard output."""
    flow = {
        "movflags": "empty_moov+default_base_moof+frag_keyframe",
        "frag_duration": FRAGMENT,
        "flush_packets": "1",
    }
    outputs = (
        ("hls", _listing(variant, run, seconds), LISTED.format(variant, run.number)),
        ("mp4", flow, "pipe:1"),
    )
    tee = (
        f"[{':'.join(f'{name}={value}' for name, value in {'f': kind, **options}.items())}]{target}"
        for kind, options, target in outputs
    )
    # Behind `tee` an encoder does not write the global header that MP4 needs.
    return ["-flags", "+global_header", "-f", "tee", "|".join(tee)]


class Encoder(SandboxedFfmpeg):
    """A running ffmpeg between a recording run and its segments."""

    async def stream(self) -> AsyncIterator[bytes]:
        """Yield standard output. It has to be read: ffmpeg blocks when it cannot write."""
        while block := await self.stdout.read(BLOCK_BYTES):
            yield block

    async def feed(self, blocks: AsyncIterator[bytes]) -> bool:
        """Feed everything and wait for the exit; return whether it succeeded. Returns early when ffmpeg exits."""
        with suppress(BrokenPipeError, ConnectionResetError):
            async for block in blocks:
                if self.process.returncode is not None:
                    break
                self.stdin.write(block)
                await self.stdin.drain()
            self.stdin.close()
        return await self.wait()
