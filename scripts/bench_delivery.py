"""Requests per second of 60 kB segments: signed addresses against a plain location of the same nginx.

nginx runs with deploy/nginx.conf, one worker; the plain location next to it has the same files, sendfile, cache of open
files, headers and log, and checks nothing. Rounds alternate and the medians count, so that a machine that is busy with
something else is unfair to both alike. The last line is one JSON object.
"""

import json
import os
import re
import secrets
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import django

from scripts.proxy import ROOT, Proxy, find_nginx

SEGMENT_BYTES = 60_000
SEGMENTS = 20
VIDEOS = int(os.environ.get("VIDEOS", "10"))
VIEWERS = 200
MARKS = 500
ROUNDS = int(os.environ.get("ROUNDS", "25"))
SECONDS = 1
CONNECTIONS = 16

PLAIN = """\
    location ^~ /plain/ {
        alias ${PROXY_FILES}/private/media/published/;
        types {
            video/mp4 mp4;
        }
        add_header Cache-Control "private, max-age=21600, immutable";
        add_header X-Content-Type-Options nosniff;
        access_log ${PROXY_LOGS}/plain.log delivery buffer=64k flush=2s;
    }

    location /ws/ {"""

# Requests are written before the clock runs: a longer address must not cost the client more.
SCRIPT = """\
local requests = {}
init = function()
  local number = 0
  for address in io.lines("%s") do
    local first = number %% %d * %d
    number = number + 1
    requests[number] = wrk.format("GET", address, {Range = "bytes=" .. first .. "-" .. first + %d - 1})
  end
end
local at = 0
request = function()
  at = at %% #requests + 1
  return requests[at]
end
"""


class Round(NamedTuple):
    per_second: float
    # Of nginx's processor time, user and system: what others do to this machine meanwhile is not in it.
    microseconds: float


def make_files(files: Path) -> list[str]:
    """Videos and marks as the site leaves them; returns the paths of the versions."""
    published = files / "private" / "media" / "published"
    ended = files / "private" / "media" / "ended"
    ended.mkdir(parents=True)
    for _mark in range(MARKS):
        (ended / secrets.token_hex(8)).touch()
    paths = [f"{uuid.uuid4().hex}/1" for _video in range(VIDEOS)]
    for path in paths:
        (published / path).mkdir(parents=True)
        (published / path / "144p.mp4").write_bytes(secrets.token_bytes(SEGMENT_BYTES * SEGMENTS))
    return paths


def signed_addresses(paths: Sequence[str]) -> list[str]:
    from media_pipeline.services.playback import PREFIX, signature_of  # noqa: PLC0415 - needs the app registry
    from media_pipeline.services.revocations import viewer_tag  # noqa: PLC0415 - needs the app registry

    expires = int(time.time()) + 3600
    addresses = []
    for number in range(VIEWERS):
        pass_ = f"{expires}-{viewer_tag(f'user-{number}')}"
        addresses += [f"{PREFIX}/{pass_}/{signature_of(pass_, path)}/{path}/144p.mp4" for path in paths]
    return addresses


def cpu_seconds(pid: int) -> float:
    """What the children of a process, nginx's workers, have used of the processor."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    ticks = [Path(f"/proc/{child}/stat").read_text().rpartition(")")[2].split()[11:13] for child in children]
    return sum(int(tick) for pair in ticks for tick in pair) / os.sysconf("SC_CLK_TCK")


def load(proxy: Proxy, script: Path) -> Round:
    used = cpu_seconds(proxy.process.pid)
    done = subprocess.run(
        [shutil.which("wrk") or "wrk", "--threads", "1", "--connections", str(CONNECTIONS),
         "--duration", f"{SECONDS}s", "--script", script, proxy.address],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    if wrong := re.search(r"Non-2xx.*|Socket errors.*", done.stdout):
        raise RuntimeError(wrong[0])
    found = re.search(r"(\d+) requests in .*Requests/sec:\s+([\d.]+)", done.stdout, re.DOTALL)
    if found is None:
        raise RuntimeError(done.stdout)
    return Round(float(found[2]), (cpu_seconds(proxy.process.pid) - used) / int(found[1]) * 1e6)


def main() -> None:
    if missing := [
        name for name, found in (("nginx", find_nginx()), ("wrk", shutil.which("wrk"))) if not found
    ]:
        sys.exit(f"{' and '.join(missing)} not found (Debian: apt install {' '.join(missing)}).")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lms.settings")
    django.setup()
    from django.conf import settings  # noqa: PLC0415 - needs the app registry

    site = (ROOT / "deploy" / "nginx.conf").read_text().replace("    location /ws/ {", PLAIN, 1)
    with tempfile.TemporaryDirectory(prefix="mihna-bench-") as name:
        folder = Path(name)
        files = folder / "files"
        paths = make_files(files)
        addresses = {
            "plain": [f"/plain/{path}/144p.mp4" for _viewer in range(VIEWERS) for path in paths],
            "signed": signed_addresses(paths),
        }
        scripts = {}
        for kind, lines in addresses.items():
            (folder / f"{kind}.txt").write_text("\n".join(lines))
            scripts[kind] = folder / f"{kind}.lua"
            scripts[kind].write_text(
                SCRIPT % (folder / f"{kind}.txt", SEGMENTS, SEGMENT_BYTES, SEGMENT_BYTES)
            )
        found: dict[str, list[Round]] = {"plain": [], "signed": []}
        with Proxy(folder, files=files, secret=settings.MEDIA_LINK_SECRET, site=site) as proxy:
            for number in range(ROUNDS + 1):
                # Who goes first alternates too.
                for kind in sorted(found, reverse=number % 2 == 1):
                    done = load(proxy, scripts[kind])
                    # The first round warms both up.
                    if number:
                        found[kind].append(done)
    rates = {kind: statistics.median(done.per_second for done in rounds) for kind, rounds in found.items()}
    costs = {kind: statistics.median(done.microseconds for done in rounds) for kind, rounds in found.items()}
    for kind in found:
        print(f"{kind}: {rates[kind]:,.0f} requests/s, {costs[kind]:.1f} us of nginx's processor time each")
    print(f"signed/plain: {rates['signed'] / rates['plain']:.3f} of the requests per second")
    print(json.dumps({f"{kind}_rps": round(rate, 1) for kind, rate in rates.items()}))


if __name__ == "__main__":
    main()
