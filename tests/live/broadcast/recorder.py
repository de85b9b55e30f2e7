"""What a browser's MediaRecorder would send: Matroska in chunks, made by ffmpeg."""

import functools
import subprocess
import tempfile
from pathlib import Path

from media_pipeline.transcoding.binaries import find_binaries

CODECS = {
    "h264": ["-c:v", "libx264", "-preset", "ultrafast", "-tune", "zerolatency", "-pix_fmt", "yuv420p"],
    "vp8": ["-c:v", "libvpx", "-deadline", "realtime", "-cpu-used", "8", "-b:v", "200k"],
}


@functools.cache
def recording(seconds: int = 4, *, codec: str = "h264", size: str = "320x180", rate: int = 10) -> bytes:
    """A camera with a tone, a keyframe every second, without lengths in its headers, like a live stream."""
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "take.mkv"
        subprocess.run(
            [
                *[str(find_binaries().ffmpeg), "-loglevel", "error", "-f", "lavfi"],
                *["-i", f"testsrc=size={size}:rate={rate}:duration={seconds}", "-f", "lavfi"],
                *["-i", f"sine=frequency=440:sample_rate=48000:duration={seconds}"],
                *[*CODECS[codec], "-g", str(rate), "-keyint_min", str(rate)],
                *["-c:a", "libopus", "-b:a", "32k", "-f", "matroska", "-live", "1"],
                *["-cluster_time_limit", "1000", str(target)],
            ],
            check=True,
        )
        return target.read_bytes()


@functools.cache
def voice(seconds: int = 3) -> bytes:
    """A tone, as a browser records a microphone alone."""
    made = subprocess.run(
        [
            *[str(find_binaries().ffmpeg), "-loglevel", "error", "-f", "lavfi"],
            *["-i", f"sine=frequency=1000:sample_rate=48000:duration={seconds}", "-c:a", "libopus"],
            *["-b:a", "28k", "-f", "webm", "-live", "1", "-cluster_time_limit", "1000", "-"],
        ],
        check=True,
        capture_output=True,
    )
    return made.stdout


def chunks(data: bytes, count: int) -> list[bytes]:
    size = -(-len(data) // count)
    return [data[at : at + size] for at in range(0, len(data), size)]
