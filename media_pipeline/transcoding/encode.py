"""One decode, a cascade of scalers, one encoder per rung; sound once for all rungs.

Cascade scaling (720 from the source, 480 from 720, ...) costs 45-55 % of one process per rendition and nothing
visible (SSIM >= 0.998). ffmpeg-python only writes the argument list; `runner.run` executes it.
"""

import os
from collections.abc import Callable
from pathlib import Path

import ffmpeg

from media_pipeline.transcoding.binaries import Binaries
from media_pipeline.transcoding.plan import Plan, Rung
from media_pipeline.transcoding.probe import demux_options
from media_pipeline.transcoding.runner import Limits, run
from media_pipeline.transcoding.sniff import MP4

OnFraction = Callable[[float], None]
# x264 takes 1.5 threads per core and per rung otherwise, each with its stack: that meets the memory limit.
THREADS = min(4, os.cpu_count() or 1)
STALL_SECONDS = 120
POSTER_SHORT_SIDE = 480
QUIET = ("-hide_banner", "-nostdin", "-v", "error", "-progress", "pipe:1", "-stats_period", "0.5")


def encode_video(
    source: Path, plan: Plan, *, folder: Path, binaries: Binaries, on_fraction: OnFraction
) -> dict[str, Path]:
    """Encode every rung of the plan into `folder` in one process; returns the files by rung name."""
    files = {rung.name: folder / f"video-{rung.name}.mp4" for rung in plan.rungs}
    _run(video_argv(source, plan, files, binaries), source, plan, folder=folder, on_fraction=on_fraction)
    return files


def video_argv(source: Path, plan: Plan, files: dict[str, Path], binaries: Binaries) -> list[str]:
    stream = _input(source, plan)[str(plan.video_index)]
    if plan.is_interlaced:
        stream = stream.filter("bwdif", mode="send_frame", deint="interlaced")
    stream = stream.filter("fps", fps=plan.fps, start_time=0)
    if plan.is_video_short:
        # The last picture stands still while the sound goes on.
        stream = stream.filter("tpad", stop=-1, stop_mode="clone")
    outputs = []
    descending = sorted(plan.rungs, key=lambda rung: rung.height, reverse=True)
    for rung in descending:
        stream = _scaled(stream, rung)
        picture = stream
        if rung is not descending[-1]:
            both = stream.filter_multi_output("split")
            picture, stream = both[0], both[1]
        outputs.append(_x264(picture, rung, plan, files[rung.name]))
    return _compiled(ffmpeg.merge_outputs(*outputs), binaries)


def encode_audio(
    source: Path, plan: Plan, *, folder: Path, binaries: Binaries, on_fraction: OnFraction
) -> Path:
    """Encode the sound once, as mono AAC padded to the length of the whole, so that every rung shares it."""
    target = folder / "audio.mp4"
    sound = _input(source, plan)[str(plan.audio_index)]
    sound = sound.filter("aresample", 48_000, **{"async": 1, "first_pts": 0}).filter(
        "apad", whole_dur=plan.seconds
    )
    output = ffmpeg.output(
        sound,
        f"file:{target}",
        t=plan.seconds,
        acodec="aac",
        ac=1,
        ar=48_000,
        f="mp4",
        **_bare(audio=plan.audio_bits),
    )
    _run(_compiled(output, binaries), source, plan, folder=folder, on_fraction=on_fraction)
    return target


def draw_poster(video: Path, plan: Plan, *, target: Path, binaries: Binaries) -> None:
    """A telling picture from the first tenth of our own encoding, as a JPEG."""
    options = demux_options(MP4)
    picture = ffmpeg.input(f"file:{video}", ss=round(min(plan.seconds / 10, 30), 3), **options).video
    picture = picture.filter("thumbnail", n=50).filter("scale", "iw", "ih", out_range="full")
    output = ffmpeg.output(
        picture, f"file:{target}", vframes=1, vcodec="mjpeg", f="image2", update=1, **{"q:v": 6}
    )
    limits = Limits(wall_seconds=60, cpu_seconds=60)
    run(_compiled(output, binaries), folder=target.parent, limits=limits, readable=[video])


def poster_rung(plan: Plan) -> Rung:
    """The largest rung that is not larger than a poster has to be."""
    small = [rung for rung in plan.rungs if min(rung.width, rung.height) <= POSTER_SHORT_SIDE]
    return max(small or plan.rungs, key=lambda rung: rung.height)


def _input(source: Path, plan: Plan) -> ffmpeg.nodes.FilterableStream:
    return ffmpeg.input(f"file:{source}", threads=THREADS, **demux_options(plan.container))


def _scaled(stream: ffmpeg.nodes.FilterableStream, rung: Rung) -> ffmpeg.nodes.FilterableStream:
    return stream.filter("scale", rung.width, rung.height, flags="bicubic").filter("setsar", 1)


def _x264(
    picture: ffmpeg.nodes.FilterableStream, rung: Rung, plan: Plan, target: Path
) -> ffmpeg.nodes.OutputStream:
    return ffmpeg.output(
        picture.filter("format", "yuv420p"),
        f"file:{target}",
        f="mp4",
        t=plan.seconds,
        vcodec="libx264",
        preset="veryfast",
        crf=rung.crf,
        maxrate=rung.max_bits,
        bufsize=rung.max_bits * 2,
        g=plan.gop_frames,
        keyint_min=plan.gop_frames,
        # Key frames at the same moments in every rung, and only there: the biggest lever for slides.
        sc_threshold=0,
        force_key_frames=f"expr:gte(t,n_forced*{plan.segment_seconds})",
        threads=THREADS,
        **{"profile:v": "main", "forced-idr": 1},
        **_bare(),
    )


def _bare(audio: int | None = None) -> dict[str, str | int]:
    """No metadata of the source in what is published: phones write where a film was shot."""
    bare: dict[str, str | int] = {"map_metadata": -1, "map_chapters": -1, "fflags": "+bitexact"}
    return {**bare, "b:a": audio} if audio else bare


def _compiled(output: ffmpeg.nodes.OutputStream, binaries: Binaries) -> list[str]:
    return ffmpeg.compile(output.global_args(*QUIET), cmd=str(binaries.ffmpeg), overwrite_output=True)


def _run(argv: list[str], source: Path, plan: Plan, *, folder: Path, on_fraction: OnFraction) -> None:
    done = 0.0

    def read(line: str) -> None:
        nonlocal done
        name, _, value = line.partition("=")
        if name == "out_time_us" and value.isdecimal():
            done = min(1.0, int(value) / 1_000_000 / plan.seconds)

    run(
        argv,
        folder=folder,
        limits=limits_for(plan),
        readable=[source],
        on_line=read,
        on_tick=lambda: on_fraction(done),
    )
    on_fraction(1.0)


def limits_for(plan: Plan) -> Limits:
    """Bounds far above what an honest file of this length takes (about 2.5 CPU seconds a second at 1080p)."""
    bits = max([rung.max_bits for rung in plan.rungs], default=0) + plan.audio_bits
    return Limits(
        wall_seconds=300 + plan.seconds * 40,
        stall_seconds=STALL_SECONDS,
        cpu_seconds=int(300 + plan.seconds * 40),
        file_bytes=int(bits / 8 * plan.seconds * 2) + 64 * 1024**2,
    )
