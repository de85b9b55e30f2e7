"""Classes sent with OBS: a real caller with libsrt, the real listener and real ffmpegs, some of which are cut off or killed."""

import functools
import os
import random
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from accounts.models import User
from live.broadcast.sender_lease import SenderLeaseHeld, acquire_lease
from live.enums import ObsPicture
from live.media_servers import stream_path
from live.models import Event, LiveSession, ObsKey
from live.obs.keys import allow_obs_next, renew_obs_key
from live.obs.state import obs_address, obs_state, passphrase_of
from live.services.sessions import end_room
from media_pipeline.services.live_streams import live_stream_folders
from media_pipeline.transcoding.binaries import find_binaries
from tests.live.broadcast.test_broadcast import listed, played
from tests.live.conftest import ROOT
from tests.live.shortening import shortened
from tests.served_site import database_url, free_port
from tests.waiting import wait_until

FFMPEG = find_binaries().ffmpeg
CAN_CALL = (
    b"srt" in subprocess.run([str(FFMPEG), "-protocols"], capture_output=True, check=True).stdout.split()
)
pytestmark = [
    pytest.mark.engines("a listener and a web server, called by ffmpeg"),
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not CAN_CALL, reason="this ffmpeg has no SRT (Debian's has)"),
]
PATIENCE_SECONDS = 60
# Segments take a second each; of the six seconds of a call a player gets at least four and a half, see the first test.
OF_BOTH_CALLS_SECONDS = 1 + 4.5
# Intervals: between two reads of the keys, after a refusal, before the listener is restarted.
PAUSES = {
    "live.obs.listener.KEYS_SECONDS": 0.1,
    "live.obs.listener.REFUSED_SECONDS": 1.0,
    "live.obs.receiver.PAUSE_SECONDS": 0.1,
}


@functools.cache
def sent_by_obs(seconds: int = 6) -> bytes:
    """What OBS sends at its defaults: MPEG-TS with B-frames, a keyframe every two seconds, stereo AAC."""
    made = subprocess.run(
        [
            *[str(FFMPEG), "-loglevel", "error", "-f", "lavfi"],
            *["-i", f"testsrc=size=640x360:rate=30:duration={seconds}", "-f", "lavfi"],
            *["-i", f"sine=frequency=440:sample_rate=48000:duration={seconds}", "-ac", "2"],
            *["-c:v", "libx264", "-preset", "ultrafast", "-bf", "2", "-g", "60", "-pix_fmt", "yuv420p"],
            *["-c:a", "aac", "-b:a", "96k", "-f", "mpegts", "-"],
        ],
        check=True,
        capture_output=True,
    )
    return made.stdout


class Door:
    """`manage.py receive_srt` on the test database, with files of its own and short pauses."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.port = free_port()
        self.log = root / "door.log"
        self.process = self.start()

    def start(self) -> subprocess.Popen[bytes]:
        heard = self.said.count("Listening for OBS")
        with self.log.open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "tests.live.shortening", "receive_srt", "--address=127.0.0.1"],
                cwd=ROOT,
                env={
                    **os.environ,
                    "DJANGO_SETTINGS_MODULE": "tests.settings",
                    **shortened(PAUSES),
                    "LIVE_SRT_PORT": str(self.port),
                    "PRIVATE_ROOT": str(self.root),
                    "DATABASE_URL": database_url(),
                },
                stdout=log,
                stderr=log,
            )
        until(lambda: self.said.count("Listening for OBS") > heard, self)
        return process

    @property
    def said(self) -> str:
        return self.log.read_text() if self.log.exists() else ""

    @property
    def helpers(self) -> dict[int, list[str]]:
        """The commands of the listening program and of every ffmpeg of this door that are running."""
        found = {}
        for process in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):
                words = (process / "cmdline").read_bytes().decode("utf-8", "replace").split("\0")
                is_ours = str(self.root) in words or str(self.port) in words
                is_ours |= (process / "cwd").readlink().is_relative_to(self.root)
                if is_ours and int(process.name) != os.getpid() and words != [""]:
                    found[int(process.name)] = words
        found.pop(self.process.pid, None)
        return {pid: words for pid, words in found.items() if not any("srt://" in word for word in words)}

    @property
    def listener(self) -> int:
        """The listening program itself, not the sandbox around it."""
        return next(pid for pid, words in self.helpers.items() if words[3].endswith("obs/program.py"))

    def stop(self) -> None:
        self.process.kill()
        self.process.wait()


def until(holds: Callable[[], Any], door: Door) -> None:
    wait_until(holds, report=lambda: door.said)


@pytest.fixture
def door(tmp_path: Path, settings: Any) -> Iterator[Door]:
    door = Door(tmp_path)
    settings.LIVE_SRT_PORT, settings.LIVE_SRT_HOST = door.port, "127.0.0.1"
    settings.PRIVATE_ROOT = tmp_path
    yield door
    door.stop()
    until(lambda: not door.helpers, door)


@pytest.fixture
def key(session: LiveSession, instructor: User) -> ObsKey:
    return renew_obs_key(session_id=session.pk, by=instructor, picture=ObsPicture.CAMERA)


class Caller:
    """An ffmpeg that sends like OBS, at twice the speed."""

    def __init__(self, address: str, data: bytes, tmp_path: Path, kind: str = "mpegts") -> None:
        """`kind` u8 sends the bytes as they are, 0.8 MB a second."""
        source = tmp_path / f"sent-{len(data)}"
        source.write_bytes(data)
        pace = ["-readrate", "2"] if kind == "mpegts" else ["-readrate", "2", "-ar", "400000"]
        self.process = subprocess.Popen(
            [
                *[str(FFMPEG), "-loglevel", "error", *pace, "-f", kind, "-i", str(source)],
                *["-map", "0", "-c", "copy", "-f", kind, address],
            ],
            stdin=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )

    def ended(self) -> int:
        self.process.communicate(timeout=PATIENCE_SECONDS)
        return self.process.returncode

    def cut(self) -> None:
        """Stop without closing the connection."""
        self.process.kill()
        self.process.communicate()


def sending(door: Door, key: ObsKey, data: bytes | None = None) -> Caller:
    """A caller whose picture arrives. Like OBS it reconnects while its key is not known yet."""
    before = takes_of(door)

    def arrived() -> Caller | None:
        caller = Caller(obs_address(key), data or sent_by_obs(), door.root)
        until(lambda: caller.process.poll() is not None or takes_of(door) > before, door)
        if takes_of(door) > before:
            return caller
        caller.ended()
        return None

    return wait_until(arrived, report=lambda: door.said)


def takes_of(door: Door) -> int:
    return len(list(door.root.glob("media/takes/*/*/*.json")))


def playlist_of(door: Door) -> Path | None:
    return next(door.root.glob("media/growing/*/*/360p.m3u8"), None)


def segments_of(door: Door) -> list[str]:
    playlist = playlist_of(door)
    return listed(playlist) if playlist else []


def finished(door: Door, session: LiveSession, instructor: User) -> Path:
    """End the class, and wait for the end of its recording."""
    end_room(session_id=session.pk, by=instructor, reason="انقطاع التيار")
    until(lambda: (found := playlist_of(door)) and found.read_text().endswith("#EXT-X-ENDLIST\n"), door)
    found = playlist_of(door)
    assert found
    return found


def test_what_obs_sends_is_published_and_recorded(door, key, session, instructor):
    caller = sending(door, key)
    assert caller.ended() == 0, door.said
    until(lambda: len(segments_of(door)) >= 3, door)
    assert obs_state(session).state == "sending"
    playlist = finished(door, session, instructor)

    picture, sound = played(playlist)
    # The close of a caller arrives before data that libsrt still buffers: up to the latency, at the speed of the caller.
    assert 4.5 < picture < 6.5
    assert sound == pytest.approx(picture, abs=0.8)
    assert list(
        Event.objects.filter(session=session, kind="video.started").values_list("actor", flat=True)
    ) == [instructor.pk]
    until(lambda: not any("mpegts" in words for words in door.helpers.values()), door)


def test_a_caller_with_a_wrong_key_is_refused_before_the_first_byte(door, key):
    known, passphrase = obs_address(key), passphrase_of(key)
    # With the right key it works, so the others were refused for their key.
    sending(door, key).cut()
    recording_runs, said = takes_of(door), door.said
    wrong = [
        known.replace(passphrase, "0123456789abcdef" * 2),
        known.replace(f"passphrase={passphrase}&pbkeylen=16&", ""),
        known.replace(key.stream, "0123456789abcdef"),
        known.replace(f"streamid={key.stream}&", ""),
    ]
    ends = [Caller(address, sent_by_obs(), door.root).ended() for address in wrong]

    assert known not in wrong
    assert all(ends)
    assert takes_of(door) == recording_runs
    assert door.said == said


@pytest.mark.engines("a listener and a web server of its own", nightly=True)
def test_junk_inside_srt_is_refused_with_a_sentence_and_nothing_is_made(door, key, session):
    junk = random.Random(4).randbytes(1_500_000)
    until(
        lambda: (
            Caller(obs_address(key), junk, door.root, kind="u8").ended() is not None
            and "media_refused" in door.said
        ),
        door,
    )
    until(lambda: obs_state(session).state == "refused", door)

    assert obs_state(session).code == "media_refused"
    assert "H.264" in obs_state(session).message
    assert takes_of(door) == 0
    assert not (door.root / "media").exists()
    assert not Event.objects.filter(session=session).exists()


def test_a_caller_that_was_cut_comes_back_into_the_same_class(door, key, session, instructor):
    caller = sending(door, key, sent_by_obs(30))
    until(lambda: segments_of(door), door)
    before = segments_of(door)
    caller.cut()
    again = sending(door, key)
    assert again.ended() == 0
    playlist = finished(door, session, instructor)

    assert playlist.read_text().count("#EXT-X-DISCONTINUITY\n") == 1
    assert listed(playlist)[: len(before)] == before
    assert played(playlist)[0] > OF_BOTH_CALLS_SECONDS
    assert Event.objects.filter(session=session, kind="video.started").count() == 1


def test_a_killed_listener_is_started_again_and_the_class_goes_on(door, key, session, instructor):
    caller = sending(door, key, sent_by_obs(30))
    until(lambda: segments_of(door), door)
    before = segments_of(door)
    heard = door.said.count("Listening for OBS")
    os.kill(door.listener, signal.SIGKILL)
    until(lambda: door.said.count("Listening for OBS") > heard, door)
    caller.cut()
    again = sending(door, key)
    assert again.ended() == 0
    playlist = finished(door, session, instructor)

    assert playlist.read_text().count("#EXT-X-DISCONTINUITY\n") == 1
    assert listed(playlist)[: len(before)] == before
    assert played(playlist)[0] > OF_BOTH_CALLS_SECONDS


def test_a_killed_server_leaves_no_orphan_and_another_one_goes_on(door, key, session, instructor):
    caller = sending(door, key, sent_by_obs(30))
    until(lambda: segments_of(door), door)
    before = segments_of(door)
    door.stop()
    until(lambda: not door.helpers, door)
    caller.cut()
    door.process = door.start()
    again = sending(door, key)
    assert again.ended() == 0
    playlist = finished(door, session, instructor)

    # Where the first run ended is the second one's, then comes the other call.
    assert "#EXT-X-DISCONTINUITY\n" in playlist.read_text()
    assert listed(playlist)[: len(before)] == before
    assert played(playlist)[0] > OF_BOTH_CALLS_SECONDS


@pytest.mark.engines("a listener and a web server of its own", nightly=True)
def test_the_end_of_the_class_puts_the_caller_out_and_the_key_opens_nothing(door, key, session, instructor):
    caller = sending(door, key, sent_by_obs(60))
    until(lambda: segments_of(door), door)
    finished(door, session, instructor)
    caller.ended()
    until(lambda: not any("ffmpeg" in words[0] for words in door.helpers.values()), door)

    assert Caller(obs_address(key), sent_by_obs(), door.root).ended() != 0
    assert takes_of(door) == 0


@pytest.mark.engines("a listener and a web server of its own", nightly=True)
def test_a_new_address_disconnects_the_sender_with_the_old_one(door, key, session, instructor):
    caller = sending(door, key, sent_by_obs(60))
    new = renew_obs_key(session_id=session.pk, by=instructor, picture=ObsPicture.SCREEN)
    caller.ended()

    assert Caller(obs_address(key), sent_by_obs(), door.root).ended() != 0
    sending(door, new).cut()


def test_obs_and_a_browser_put_each_other_out_only_when_they_are_asked_to(door, key, session, instructor):
    served, _ = live_stream_folders(stream_path(session))
    acquire_lease(served, who=instructor.pk, device="browser-1", take_over=False)
    until(
        lambda: Caller(obs_address(key), sent_by_obs(), door.root).ended() and "video_taken" in door.said,
        door,
    )
    until(lambda: obs_state(session).code == "video_taken", door)
    assert takes_of(door) == 0

    allow_obs_next(session_id=session.pk, by=instructor)
    caller = sending(door, key, sent_by_obs(60))
    with pytest.raises(SenderLeaseHeld):
        acquire_lease(served, who=instructor.pk, device="browser-1", take_over=False)

    acquire_lease(served, who=instructor.pk, device="browser-1", take_over=True)
    caller.ended()
