"""Whether a process works: the health check of a container. ``health.py 8000`` requests a page, ``health.py beat`` checks the heartbeat
of beat, ``health.py srt`` sends a handshake to the listener for OBS.
"""

import os
import secrets
import socket
import struct
import sys
import time
import urllib.request
from pathlib import Path
from urllib.parse import urlsplit

# Beat ticks every 30 s or more often (`lms.beat`).
HEARTBEAT_SECONDS = 120
# A datagram may be lost.
ATTEMPTS = 3
# The first packet of an SRT caller and of the answer to it: control type, three zeros (or times and sockets), version,
# encryption and extension, sequence number, size of packets and of the window, kind, socket, cookie. A listener answers it
# before it knows a stream or a passphrase, and keeps nothing.
HANDSHAKE = struct.Struct(">IIII IIIIIIII 16x")
HANDSHAKE_TYPE, INDUCTION, DATAGRAMS = 0x80000000, 1, 2
CALLERS_VERSION, LISTENERS_VERSION = 4, 5


def answers(port: int) -> bool:
    """Whether a web server says that it is alive."""
    site = urlsplit(os.environ["SITE_URL"])
    asked = urllib.request.Request(
        f"http://127.0.0.1:{port}/healthz",
        # As the proxy asks: the site answers by its own name and, in production, over HTTPS only.
        headers={"Host": site.netloc, "X-Forwarded-Proto": site.scheme},
    )
    with urllib.request.urlopen(asked, timeout=4) as answer:
        return bool(answer.status == 200)


def has_heartbeat() -> bool:
    """Whether beat has ticked recently."""
    heartbeat = Path(os.environ["VAR_DIR"], "celery", "beat-heartbeat")
    return time.time() - heartbeat.stat().st_mtime < HEARTBEAT_SECONDS


def answers_srt(port: int) -> bool:
    """Whether a listener for SRT answers the first packet of a caller."""
    caller = secrets.randbits(30) | 1
    hello = HANDSHAKE.pack(
        HANDSHAKE_TYPE,
        0,
        0,
        0,
        CALLERS_VERSION,
        DATAGRAMS,
        secrets.randbits(30),
        1500,
        8192,
        INDUCTION,
        caller,
        0,
    )
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
        line.connect(("127.0.0.1", port))
        line.settimeout(1)
        for _ in range(ATTEMPTS):
            line.send(hello)
            try:
                answer = HANDSHAKE.unpack_from(line.recv(2048))
            except TimeoutError:
                continue
            return (answer[0], answer[3], answer[4], answer[9]) == (
                HANDSHAKE_TYPE, caller, LISTENERS_VERSION, INDUCTION
            )  # fmt: skip
    return False


if __name__ == "__main__":
    (what,) = sys.argv[1:]
    try:
        if what == "beat":
            is_well = has_heartbeat()
        elif what == "srt":
            is_well = answers_srt(int(os.environ["LIVE_SRT_PORT"]))
        else:
            is_well = answers(int(what))
    except (OSError, struct.error) as error:
        sys.exit(f"{what}: {error}")
    sys.exit(0 if is_well else f"{what}: no answer, or one too old")
