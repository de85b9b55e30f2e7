"""Encodes one chunk of the video: one decode, a cascade of scalers, one encoder per rendition. Pictures only.

Cascade scaling (720 from the source, 480 from 720, ...) costs 45-55 % of one process per rendition and nothing
visible (SSIM >= 0.998). ffmpeg-python only writes the argument list; `runner.run` executes it.

The pictures of a chunk lie on the frame grid of the whole video: the source is opened at a key frame before the chunk,
with its own timestamps, and `fps` puts at each point of the grid the picture that the source shows then, even one from
minutes before. So joined chunks equal, frame by frame, the output of one process.
"""

from fractions import Fraction
from pathlib import Path

import ffmpeg

from media_pipeline.transcoding.binaries import Binaries
from media_pipeline.transcoding.command import THREADS, OnFraction, bare, compiled, open_source, run_over
from media_pipeline.transcoding.failures import TranscodingFailed
from media_pipeline.transcoding.ladder import AV1, PlannedRendition
from media_pipeline.transcoding.mp4 import read_track
from media_pipeline.transcoding.plan import OUT_OF_ORDER_FROM_FPS, Chunk, Plan

PRESET = "veryfast"
# Cubic for brightness, linear for color, which has half the resolution: 3-5 % of the time, and 0.2-0.5 dB of color alone.
SCALER = "bicublin"
SMALL_SHORT_SIDE = 480
AV1_PRESET = 8
TONE_MAP = (
    ("zscale", {"t": "linear", "npl": 100}),
    ("format", {"pix_fmts": "gbrpf32le"}),
    ("zscale", {"p": "bt709"}),
    ("tonemap", {"tonemap": "hable", "desat": 0}),
    ("zscale", {"t": "bt709", "m": "bt709", "r": "tv"}),
    ("format", {"pix_fmts": "yuv420p"}),
)


class BadChunk(TranscodingFailed):
    """The output of ffmpeg is not the expected chunk."""


def chunk_name(chunk: int, rendition: str) -> str:
    """The file of one rendition of one chunk; the joiner looks for it under this name."""
    return f"chunk-{chunk:04d}-{rendition}.mp4"


def encode_chunk(
    source: Path,
    plan: Plan,
    *,
    phase: int,
    chunk: int,
    folder: Path,
    binaries: Binaries,
    on_fraction: OnFraction = lambda _: None,
) -> dict[str, Path]:
    """Encode the renditions of `phase` for chunk number `chunk` into `folder`; returns the files by rendition name.

    The files are named by `chunk_name` and checked before this returns: frames, key frames and bytes are complete.
    `on_fraction` (0-1) is called about twice a second; what it raises stops the work.
    Raises ProcessFailed, BadChunk, BadFile.
    """
    renditions = plan.renditions_of(phase)
    if not renditions:
        return {}
    part = plan.chunks[chunk]
    files = {rendition.name: folder / chunk_name(chunk, rendition.name) for rendition in renditions}
    run_over(
        chunk_argv(source, plan, part, renditions, files, binaries),
        seconds=part.seconds,
        bits=max(rendition.max_bits for rendition in renditions),
        folder=folder,
        readable=[source],
        on_fraction=on_fraction,
    )
    for rendition in renditions:
        validate_chunk(files[rendition.name], plan, part, rendition)
    return files


def validate_chunk(path: Path, plan: Plan, chunk: Chunk, rendition: PlannedRendition) -> None:
    """Raises BadChunk or BadFile unless `path` holds every frame of the chunk, with key frames where segments begin."""
    track = read_track(path)
    frames = -(-chunk.frames // rendition.every)
    if track.frames != frames:
        raise BadChunk(f"{path.name} has {track.frames} of {frames} frames")
    if track.key_frames != list(range(0, frames, plan.gop_frames // rendition.every)):
        raise BadChunk(f"{path.name} has key frames at {track.key_frames[:5]}")


def chunk_argv(
    source: Path,
    plan: Plan,
    chunk: Chunk,
    renditions: list[PlannedRendition],
    files: dict[str, Path],
    binaries: Binaries,
) -> list[str]:
    """The command line of a chunk."""
    fps = Fraction(plan.fps)
    # After the last picture of the source there is nothing to open: open at the last picture, and repeat it.
    last = max(0, int(plan.last_picture * fps) - 2)
    first = min(chunk.first_frame, last)
    begin = float(first / fps)
    seek = {"ss": f"{max(0.0, begin - plan.preroll):.6f}", "noaccurate_seek": None} if first else {}
    stream = open_source(source, plan, **seek)[str(plan.video_index)]
    if plan.is_interlaced:
        stream = stream.filter("bwdif", mode="send_frame", deint="interlaced")
    stream = stream.filter("fps", fps=plan.fps, start_time=f"{begin:.6f}", eof_action="pass")
    # The last picture is repeated while the sound continues.
    stream = stream.filter("tpad", stop=-1, stop_mode="clone")
    skipped = chunk.first_frame - first
    stream = stream.filter("trim", start_frame=skipped, end_frame=skipped + chunk.frames)
    stream = stream.filter("setpts", "PTS-STARTPTS")
    outputs = []
    descending = sorted(
        renditions, key=lambda rendition: (rendition.height, rendition.max_bits), reverse=True
    )
    for rendition in descending:
        is_first, is_last = rendition is descending[0], rendition is descending[-1]
        stream = stream.filter("scale", rendition.width, rendition.height, flags=SCALER).filter("setsar", 1)
        if is_first and plan.is_hdr:
            for name, options in TONE_MAP:
                stream = stream.filter(name, **options)
        picture = stream
        if not is_last:
            both = stream.filter_multi_output("split")
            picture, stream = both[0], both[1]
        if rendition.every > 1:
            # New timestamps: the encoder would read the old ones at the new rate.
            clock = rendition.every / fps
            picture = (
                picture.filter("framestep", rendition.every).filter("settb", f"{clock}").filter("setpts", "N")
            )
        picture = picture.filter("format", "yuv420p")
        encode = _av1 if rendition.codec == AV1 else _x264
        outputs.append(encode(picture, rendition, plan, files[rendition.name]))
    # The scalers of one thread keep ahead of the encoders, which have threads of their own.
    flags = ("-copyts", "-start_at_zero", "-filter_complex_threads", "1")
    return compiled(ffmpeg.merge_outputs(*outputs), binaries, *flags)


def _x264(
    picture: ffmpeg.nodes.FilterableStream, rendition: PlannedRendition, plan: Plan, target: Path
) -> ffmpeg.nodes.OutputStream:
    gop = plan.gop_frames // rendition.every
    return ffmpeg.output(
        picture,
        f"file:{target}",
        f="mp4",
        **_even_clock(rendition, plan),
        vcodec="libx264",
        preset=PRESET,
        crf=rendition.crf,
        maxrate=rendition.max_bits,
        bufsize=rendition.buffer_bits,
        # Key frames at the same moments in every rendition, and only there: the biggest lever for slides.
        g=gop,
        keyint_min=gop,
        sc_threshold=0,
        # Renditions are encoded in parallel: the slowest ones get more threads.
        threads=THREADS if rendition.short_side > SMALL_SHORT_SIDE else 1,
        **out_of_order(rendition, plan),
        **{"profile:v": "main"},
        **bare(),
    )


def _even_clock(rendition: PlannedRendition, plan: Plan) -> dict[str, str]:
    """Sets the duration of the last picture, which the filters lose."""
    return {"fps_mode": "cfr", "r": str(Fraction(plan.fps) / rendition.every)}


def out_of_order(rendition: PlannedRendition, plan: Plan) -> dict[str, int]:
    """x264's option for how many pictures may wait for a later one: they delay a rendition by two of its pictures.

    At half the rate it may be one: segments end the sound at the picture's timestamp, and a change of rendition must
    not leave a gap in it. At a few pictures a second two pictures last seconds, and some players show them that much
    too late.
    """
    if Fraction(plan.fps) < OUT_OF_ORDER_FROM_FPS:
        return {"bf": 0}
    return {"bf": 1} if rendition.every > 1 else {}


def _av1(
    picture: ffmpeg.nodes.FilterableStream, rendition: PlannedRendition, plan: Plan, target: Path
) -> ffmpeg.nodes.OutputStream:
    parameters = (
        f"keyint={plan.gop_frames // rendition.every}:scd=0:lp={THREADS}:mbr={rendition.max_bits // 1000}"
    )
    return ffmpeg.output(
        picture,
        f"file:{target}",
        f="mp4",
        **_even_clock(rendition, plan),
        vcodec="libsvtav1",
        preset=AV1_PRESET,
        crf=rendition.crf,
        **{"svtav1-params": parameters},
        **bare(),
    )
