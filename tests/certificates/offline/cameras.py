"""Chromium with a video file as its camera, and pictures of QR codes."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import segno
from playwright.sync_api import Browser

from tests.chromium import DEVICES, launched


def square(text: str, path: Path) -> Path:
    """A photo of a QR code as a phone would take it: on a table, not filling the picture."""
    segno.make(text, error="m", boost_error=False).save(path, scale=6, border=4)
    return path


def film_of(picture: Path, path: Path) -> Path:
    """A video of a picture, in the format of Chromium's fake camera."""
    place = "scale=620:620:flags=neighbor,pad=1280:720:(ow-iw)/2:(oh-ih)/2:color=gray"
    command = ["ffmpeg", "-y", "-loglevel", "error", "-loop", "1", "-i", str(picture), "-vf", place]
    subprocess.run([*command, "-t", "1", "-r", "5", "-pix_fmt", "yuv420p", str(path)], check=True)
    return path


@contextmanager
def chromium_seeing(film: Path, *, other: Browser) -> Iterator[Browser]:
    """A second browser of the same Playwright, with the video as its camera and permission to use it."""
    with launched(other.browser_type, *DEVICES, f"--use-file-for-fake-video-capture={film}") as browser:
        yield browser
