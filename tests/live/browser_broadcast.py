"""A class on air in a real browser with fake devices, for tests of its picture: a clock in the picture, a proxy that cuts connections."""

import json
import re
import socket
import subprocess
import threading
from contextlib import suppress
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, expect
from playwright.sync_api import Error as PlaywrightError

from live.models import LiveSession
from media_pipeline.transcoding.binaries import find_binaries
from tests.waiting import PATIENCE_SECONDS, wait_until

# 24 bits of the milliseconds since 1970, as columns of 20 pixels: the first is white, the last black. The lower half is the
# negative of the upper: a picture that the encoder blurred from two moments is not read as a third one.
CLOCK = """
const real = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
navigator.mediaDevices.getUserMedia = async (wanted) => {
  if (!wanted.video) return real(wanted);
  const canvas = Object.assign(document.createElement("canvas"), { width: 640, height: 360 });
  const pen = canvas.getContext("2d");
  const draw = () => {
    const now = Date.now() % 2 ** 24;
    for (let column = 0; column < 32; column += 1) {
      const bit = column >= 4 && column < 28 ? (now >> (27 - column)) & 1 : column < 4 ? 1 : 0;
      for (const half of [0, 1]) {
        pen.fillStyle = bit !== half ? "#fff" : "#000";
        pen.fillRect(20 * column, 180 * half, 20, 180);
      }
    }
  };
  draw();
  setInterval(draw, 66);
  return canvas.captureStream(15);
};
"""
CLOCK_TURNS_MS = 2**24

# What the clock shows in a player, or null where it cannot be read.
READ = """
(video) => {
  const canvas = Object.assign(document.createElement("canvas"), { width: 320, height: 180 });
  const pen = canvas.getContext("2d");
  pen.drawImage(video, 0, 0, 320, 180);
  const [upper, lower] = [45, 135].map((y) => pen.getImageData(0, y, 320, 1).data);
  let shown = 0;
  for (let column = 4; column < 28; column += 1) {
    const [bit, negative] = [upper, lower].map((row) => (row[4 * (10 * column + 5)] > 127 ? 1 : 0));
    if (bit === negative) return null;
    shown = 2 * shown + bit;
  }
  return shown;
}
"""
PICTURE = "document.querySelector('[data-picture]')"
STATE = """
() => {
  const words = (name) => document.querySelector(`[data-${name}]:not([hidden])`)?.innerText;
  const video = document.querySelector("[data-picture]");
  const ranges = (times) => [...Array(times.length).keys()].map((at) => [times.start(at), times.end(at)]);
  return {
    title: document.title,
    line: words("video-line"),
    missed: words("missed"),
    way: document.querySelector("[data-ways]")?.value,
    plays: document.querySelector("[data-video]")?.dataset.plays,
    video: video && {
      at: video.currentTime, lasts: String(video.duration), buffered: ranges(video.buffered), ready: video.readyState,
      height: video.videoHeight, rate: video.playbackRate, paused: video.paused, ended: video.ended,
      muted: video.muted, error: video.error?.message,
    },
  };
}
"""


class TcpProxy:
    """A TCP proxy in front of the site, which can be cut."""

    def __init__(self, address: str) -> None:
        self.target = int(address.rsplit(":", 1)[1])
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://localhost:{self.listener.getsockname()[1]}"
        self.pairs: list[socket.socket] = []
        self.is_cut = False
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self.listener.accept()
            except OSError:
                return
            if self.is_cut:
                near.close()
                continue
            try:
                far = socket.create_connection(("127.0.0.1", self.target))
            except OSError:
                # The site has ended.
                near.close()
                continue
            self.pairs += [near, far]
            for one, other in ((near, far), (far, near)):
                threading.Thread(target=self._carry, args=(one, other), daemon=True).start()

    def _carry(self, source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(65_536):
                target.sendall(data)
        for end in (source, target):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        # The other direction closes its own.
        source.close()

    def cut(self) -> None:
        self.is_cut = True
        for end in self.pairs:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        self.pairs = []

    def mend(self) -> None:
        self.is_cut = False

    def close(self) -> None:
        self.listener.close()
        self.cut()


def room_of(context: BrowserContext, address: str, session: LiveSession) -> Page:
    page = context.new_page()
    page.on("pageerror", lambda error: print("page error:", error))
    page.goto(f"{address}/ar/live/{session.class_session.public_id}/")
    page.wait_for_selector("[data-write]:not([hidden])")
    return page


def on_air(page: Page) -> None:
    page.click("[data-sending] summary")
    page.click("[data-send]")
    expect(page.locator("[data-on-air]")).to_be_visible()


def has_begun(page: Page, video: str, seconds: float = PATIENCE_SECONDS) -> None:
    """Wait until a second has been played. (Playwright's own waiting needs what our policy forbids.)"""
    at = "name => document.querySelector(name).currentTime"
    wait_until(lambda: page.evaluate(at, video) >= 1, seconds, page=page)


def shown(page: Page) -> int | None:
    """The moment the clock of the instructor's picture shows, in milliseconds; it turns every `CLOCK_TURNS_MS`."""
    return page.evaluate(f"({READ})({PICTURE})")


def behind(page: Page) -> float:
    """The age of the displayed picture, in seconds."""
    moment = wait_until(lambda: shown(page))
    return (page.evaluate("Date.now()") - moment) % CLOCK_TURNS_MS / 1000


def place(page: Page) -> float:
    """Where the player is, in seconds."""
    return page.evaluate(f"{PICTURE}.currentTime")


def buffered(page: Page) -> float:
    """Seconds the player could continue without its connection."""
    ends = f"{PICTURE}.buffered.length ? {PICTURE}.buffered.end({PICTURE}.buffered.length - 1) : 0"
    return max(0, page.evaluate(ends) - place(page))


def plays(page: Page, way: str, seconds: float = PATIENCE_SECONDS) -> None:
    """Choose a playback mode, and wait for it."""
    page.wait_for_selector("[data-watch]", state="visible", timeout=seconds * 1000)
    page.select_option("[data-ways]", way)
    has_begun(page, "[data-picture]")


def shown_by(browser: Browser) -> str:
    """What every open page shows and plays, for a test that failed."""
    lines = []
    for page in (page for context in browser.contexts for page in context.pages):
        try:
            state = json.dumps(page.evaluate(STATE), ensure_ascii=False)
        except PlaywrightError as error:
            state = f"It cannot be asked: {error}"
        lines.append(f"{page.url} {state}")
    return "\n".join(lines)


def encoders(folder: Path) -> list[int]:
    """Process ids of the ffmpeg that writes into `folder`."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            argv = (process / "cmdline").read_bytes().split(b"\0")
            if argv[0].endswith(b"ffmpeg") and (process / "cwd").readlink() == folder:
                found.append(int(process.name))
        except OSError:
            continue
    return found


def clocks(playlist: Path) -> list[int]:
    """What the clock showed in every picture of a playlist.

    Each run of the encoder is read by itself: ffmpeg's reader of playlists drops the first second after a discontinuity
    with another head, which players do not.
    """
    runs: list[bytes] = []
    for line in playlist.read_text().splitlines():
        if line.startswith("#EXT-X-MAP:"):
            runs.append((playlist.parent / line.split('"')[1]).read_bytes())
        elif line and not line.startswith("#"):
            runs[-1] += (playlist.parent / line).read_bytes()
    return [clock for run in runs for clock in _clocks(run)]


def _clocks(media: bytes) -> list[int]:
    run = subprocess.run(
        [
            *[str(find_binaries().ffmpeg), "-v", "error", "-i", "pipe:0", "-an"],
            *["-vf", "scale=32:2:flags=area,format=gray", "-fps_mode", "passthrough", "-f", "rawvideo", "-"],
        ],
        check=True,
        capture_output=True,
        input=media,
    )
    clocks = []
    for at in range(0, len(run.stdout) - 63, 64):
        upper, lower = ([level > 127 for level in run.stdout[from_ : from_ + 32]] for from_ in (at, at + 32))
        if all(bit != negative for bit, negative in zip(upper, lower, strict=True)):
            clocks.append(int("".join("1" if bit else "0" for bit in upper[4:28]), 2))
    return clocks


def until_kept(folder: Path, seconds: float) -> None:
    """Wait until that much of a class is stored."""

    def kept() -> float:
        playlist = (folder / "360p.m3u8").read_text()
        return sum(float(length) for length in re.findall(r"#EXTINF:([\d.]+)", playlist))

    wait_until(lambda: kept() >= seconds)


def end_class(page: Page, folder: Path) -> None:
    """End a class before its time, and wait until it is stored. A room that is not connected again yet would lose the command."""
    expect(page.locator("[data-line]")).to_be_hidden(timeout=PATIENCE_SECONDS * 1000)
    page.click("[data-ask-end]")
    page.fill("[data-end-dialog] [name=reason]", "انقطعت الكهرباء")
    page.click("[data-end-dialog] [value=end]")
    until_ended(folder)


def until_ended(folder: Path) -> None:
    """Wait until a class is stored to its end."""
    wait_until(lambda: (folder / "360p.m3u8").read_text().endswith("#EXT-X-ENDLIST\n"))
