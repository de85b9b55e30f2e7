"""Still pictures of a video, made from our own encodings: the poster and the storyboard of the seek bar."""

import math
from pathlib import Path
from typing import Any

import ffmpeg

from media_pipeline.transcoding.chunks import chunk_name
from media_pipeline.transcoding.command import DECODER_THREADS
from media_pipeline.transcoding.ladder import H264, PlannedRendition
from media_pipeline.transcoding.plan import Plan
from media_pipeline.transcoding.probe import demux_options
from media_pipeline.transcoding.sniff import MP4

POSTER_SHORT_SIDE = 480
TILE_WIDTH = 160
TILES_ACROSS = 10
MAX_TILES = 100
# Segments between two tiles in all but the longest videos: one tile in 12 s.
TILE_SEGMENTS = 2
FEW_TILES = 10
# The poster is the most typical of so many pictures.
THUMBNAIL_FRAMES = 30


def poster_rendition(renditions: list[PlannedRendition]) -> PlannedRendition:
    """The largest rendition that is not larger than a poster has to be."""
    known = [rendition for rendition in renditions if rendition.codec == H264]
    small = [rendition for rendition in known if rendition.short_side <= POSTER_SHORT_SIDE]
    return max(small or known, key=lambda rendition: (rendition.height, rendition.max_bits))


def open_joined(listed: Path, **options: Any) -> ffmpeg.nodes.FilterableStream:
    """The chunks of a rendition as one video: `listed` is a list for ffmpeg's concat demuxer, of our own making."""
    return ffmpeg.input(
        f"file:{listed}",
        f="concat",
        safe=0,
        protocol_whitelist="file",
        format_whitelist=f"concat,{demux_options(MP4)['format_whitelist']}",
        **options,
    )


def poster(plan: Plan, *, parts: Path, target: Path) -> ffmpeg.nodes.OutputStream:
    """A typical picture from the first tenth of the video, as a JPEG.

    Every picture from the chosen moment on is decoded: a video of a second or two has one key frame, at its start.
    """
    video = parts / chunk_name(0, poster_rendition(plan.renditions).name)
    start = round(min(plan.seconds / 10, 30), 3)
    picture = ffmpeg.input(f"file:{video}", ss=start, threads=DECODER_THREADS, **demux_options(MP4)).video
    picture = picture.filter("thumbnail", n=THUMBNAIL_FRAMES).filter("scale", "iw", "ih", out_range="full")
    return _jpeg(picture, target, quality=6)


def tile_segments(plan: Plan) -> int:
    """How many segments one tile covers."""
    segments = _segments(plan)
    usual = TILE_SEGMENTS if segments > FEW_TILES * TILE_SEGMENTS else 1
    return max(usual, math.ceil(segments / MAX_TILES))


def _segments(plan: Plan) -> int:
    return math.ceil(sum(chunk.frames for chunk in plan.chunks) / plan.gop_frames)


def tile_count(plan: Plan) -> int:
    return math.ceil(_segments(plan) / tile_segments(plan))


def storyboard(plan: Plan, *, joined: Path, height: int, target: Path) -> ffmpeg.nodes.OutputStream:
    """The key frames of the joined video (`joined`, a list of files) as tiles of one JPEG; `height` is that of a tile.

    Only key frames are decoded, and they are where segments begin.
    """
    every, tiles = tile_segments(plan), tile_count(plan)
    across, down = min(tiles, TILES_ACROSS), math.ceil(tiles / TILES_ACROSS)
    picture = open_joined(joined, skip_frame="nokey", threads=DECODER_THREADS).video
    picture = picture.filter("select", f"not(mod(n,{every}))")
    picture = picture.filter("scale", TILE_WIDTH, height, out_range="full").filter("tile", f"{across}x{down}")
    return _jpeg(picture, target, quality=9)


def _jpeg(picture: ffmpeg.nodes.FilterableStream, target: Path, *, quality: int) -> ffmpeg.nodes.OutputStream:
    options = {"vframes": 1, "vcodec": "mjpeg", "f": "image2", "update": 1, "fps_mode": "passthrough"}
    return ffmpeg.output(picture, f"file:{target}", **options, **{"q:v": quality})


def storyboard_cues(plan: Plan, *, picture: str, tile_height: int) -> str:
    """A WebVTT file whose cues name the tile of each stretch of the video."""
    step = float(tile_segments(plan) * plan.segment_length)
    lines = ["WEBVTT", ""]
    for number in range(tile_count(plan)):
        left, top = number % TILES_ACROSS * TILE_WIDTH, number // TILES_ACROSS * tile_height
        end = min((number + 1) * step, plan.seconds)
        lines += [
            f"{_clock(number * step)} --> {_clock(end)}",
            f"{picture}#xywh={left},{top},{TILE_WIDTH},{tile_height}",
            "",
        ]
    return "\n".join(lines)


def _clock(seconds: float) -> str:
    thousandths = round(seconds * 1000)
    minutes, rest = divmod(thousandths, 60_000)
    return f"{minutes // 60:02d}:{minutes % 60:02d}:{rest // 1000:02d}.{rest % 1000:03d}"
