"""A trainee speaks: the tone of their microphone is in the sound of another viewer, and gone when they have finished."""

import re
import subprocess
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from live.media_servers import stream_path
from media_pipeline.services.live_streams import live_stream_folders
from media_pipeline.transcoding.binaries import find_binaries
from tests.browser_pages import DESK, PHONE, entered, keep
from tests.live.browser_broadcast import on_air, room_of
from tests.live.conftest import enrolled
from tests.served_site import ON_SITE
from tests.waiting import wait_until

pytestmark = [
    pytest.mark.browser("a microphone of one browser is heard in another"),
    ON_SITE,
    pytest.mark.django_db(transaction=True),
]
PATIENCE_SECONDS = 60

# The instructor's room is silent, the trainee's microphone hears a tone of 1000 Hz.
MICROPHONE = """
const real = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
navigator.mediaDevices.getUserMedia = async (wanted) => {
  if (wanted.video) return real(wanted);
  const context = new AudioContext();
  const out = context.createMediaStreamDestination();
  const tone = new OscillatorNode(context, { frequency: 1000 });
  const loud = new GainNode(context, { gain: %s });
  tone.connect(loud).connect(out);
  tone.start();
  await context.resume();
  return out.stream;
};
"""


def tone_in(segments: list[Path], folder: Path) -> float:
    """How loud 1000 Hz is in segments of sound, in decibels."""
    run = next(iter(segments)).name.split("-")[1]
    data = (folder / f"audio-{run}-init.mp4").read_bytes() + b"".join(path.read_bytes() for path in segments)
    measured = subprocess.run(
        [
            *[str(find_binaries().ffmpeg), "-hide_banner", "-f", "mp4", "-i", "-"],
            *["-af", "bandpass=frequency=1000:width_type=h:width=100,volumedetect", "-f", "null", "-"],
        ],
        input=data,
        check=True,
        capture_output=True,
    )
    found = re.search(rb"mean_volume: (-?[\d.]+|-inf) dB", measured.stderr)
    return float(found[1]) if found else -91.0


def newest(folder: Path) -> list[Path]:
    """The last segment of sound that is listed, i.e. whole."""
    listed = folder / "audio.m3u8"
    names = re.findall(r"^audio-\d+-\d{5}\.mp4$", listed.read_text(), re.MULTILINE) if listed.exists() else []
    return [folder / name for name in names[-1:]]


def until_heard(page: Page, folder: Path, *, is_loud: bool) -> None:
    wait_until(
        lambda: (whole := newest(folder)) and (tone_in(whole, folder) > -35) == is_loud, page=page, every=0.5
    )


def test_the_voice_of_a_trainee_reaches_everyone_who_watches(devices, site, session, trainee, instructor):
    folder, _ = live_stream_folders(stream_path(session))
    third = enrolled(session)
    contexts = [
        entered(devices, site, user, viewport=size, locale="ar")
        for user, size in ((instructor, DESK), (trainee, PHONE), (third, PHONE))
    ]
    contexts[0].add_init_script(MICROPHONE % "0")
    contexts[1].add_init_script(MICROPHONE % "0.5")
    instructor_page, speaker, listener = (room_of(context, site, session) for context in contexts)
    on_air(instructor_page)
    until_heard(instructor_page, folder, is_loud=False)

    speaker.click("[data-hand]")
    instructor_page.click("[data-act='hand.call']")
    speaker.wait_for_selector("[data-voice-speak]", state="visible")
    keep(speaker, "voice-offer")
    speaker.click("[data-voice-speak]")
    speaker.wait_for_selector("[data-voice-stop]", state="visible")
    listener.wait_for_selector("[data-voice]", state="visible")
    instructor_page.wait_for_selector("[data-voice-mute]", state="visible")
    until_heard(instructor_page, folder, is_loud=True)
    keep(instructor_page, "voice-instructor")
    keep(speaker, "voice-speaker")
    keep(listener, "voice-listener")

    instructor_page.click("[data-voice-mute]")
    until_heard(instructor_page, folder, is_loud=False)
    instructor_page.click("[data-voice-mute]")
    until_heard(instructor_page, folder, is_loud=True)

    speaker.click("[data-voice-stop]")
    expect(listener.locator("[data-voice]")).to_be_hidden(timeout=PATIENCE_SECONDS * 1000)
    expect(instructor_page.locator("[data-hands-box]")).to_be_hidden(timeout=PATIENCE_SECONDS * 1000)
    until_heard(instructor_page, folder, is_loud=False)
