"""Live streams of classes. Signatures, revocations and files are those of videos, under an address of their own.

Only caching differs: a live playlist is never cached.
"""

import datetime as dt
import uuid
from collections.abc import Sequence
from pathlib import Path

from media_pipeline.folders import ingest_folder, live_stream_folder
from media_pipeline.services.playback import LIFETIME, rounded_end, signature_of
from media_pipeline.services.revocations import current_tag
from media_pipeline.transcoding.binaries import find_binaries
from media_pipeline.transcoding.runner import Limits, environment_in, sandboxed_command

LIVE_STREAM_PREFIX = "/media/l"


def live_stream_path(public_id: uuid.UUID, number: int) -> str:
    """The path of a live stream in addresses: `<public id>/<number>`."""
    return f"{public_id.hex}/{number}"


def live_stream_folders(path: str) -> tuple[Path, Path]:
    """The folder that is served, and the one for what is not encoded yet."""
    return live_stream_folder() / path, ingest_folder() / path


def sign_live_stream(*, path: str, viewer: str, lifetime: dt.timedelta = LIFETIME) -> str:
    """The address of the folder for one viewer (`viewer_of`), with a slash at its end. The caller adds the file names."""
    pass_ = f"{rounded_end(lifetime, stable=int(lifetime.total_seconds()))}-{current_tag(viewer)}"
    return f"{LIVE_STREAM_PREFIX}/{pass_}/{signature_of(pass_, path)}/{path}/"


def sandboxed_ffmpeg(
    arguments: Sequence[str], *, folder: Path, limits: Limits
) -> tuple[list[str], dict[str, str]]:
    """Command and environment of a sandboxed ffmpeg that can write only into `folder`; the caller starts and feeds it."""
    ffmpeg = find_binaries().ffmpeg
    command = sandboxed_command([str(ffmpeg), *arguments], folder=folder, limits=limits, readable=[ffmpeg])
    return command, environment_in(folder)


def sandboxed_listener(
    argv: Sequence[str], *, folder: Path, limits: Limits, readable: Sequence[Path]
) -> tuple[list[str], dict[str, str]]:
    """The same for a program that listens: it also has the network and can read `readable`."""
    return sandboxed_command(
        argv, folder=folder, limits=limits, readable=readable, has_network=True
    ), environment_in(folder)
