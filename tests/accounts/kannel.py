"""Kannel, the gateway for short messages that Debian has, and a mobile network behind it that returns the messages it received."""

import socket
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote_to_bytes

from accounts.sms import SmsGateway
from tests.accounts.mobile_network import MobileNetwork
from tests.external_programs import program
from tests.waiting import wait_until

USER, PASSWORD, SENDER = "mihna", "s3cret&word", "Mihna"
SECONDS = 20

CONFIGURATION = """
group = core
admin-port = {admin}
admin-password = tests
admin-interface = "127.0.0.1"
smsbox-port = {boxes}
smsbox-interface = "127.0.0.1"
box-allow-ip = "127.0.0.1"
box-deny-ip = "*.*.*.*"

{smsc}

group = smsbox
bearerbox-host = 127.0.0.1
sendsms-port = {sending}
sendsms-interface = "127.0.0.1"

group = sendsms-user
username = {user}
password = "{password}"
max-messages = 3
concatenation = true
"""

# A network of one line for each part of a message; and one that speaks SMPP and reports.
FAKE = """
group = smsc
smsc = fake
smsc-id = network
port = {port}
connect-allow-ip = 127.0.0.1
"""
SMPP = """
group = smsc
smsc = smpp
smsc-id = network
host = 127.0.0.1
port = {port}
smsc-username = mihna
smsc-password = secret
system-type = "default"
transceiver-mode = true
max-pending-submits = 200
"""


class NotStarted(Exception):
    """A port was taken in the meantime."""


@dataclass(frozen=True, slots=True)
class Sms:
    """A message as phones show it: its parts are joined."""

    sender: str
    to: str
    text: str


class Network:
    """The operator's side of Kannel's protocol for tests: one line for each part of a message."""

    def __init__(self, *, url: str, line: socket.socket) -> None:
        self.url = url
        self._line = line
        self._lines = line.makefile("rb")

    def gateway(self, **login: str) -> SmsGateway:
        return SmsGateway(**{"url": self.url, "user": USER, "password": PASSWORD, "sender": SENDER, **login})

    def received(self) -> list[Sms]:
        """Everything that was sent since the last call."""
        # What is sent last comes last.
        self.gateway().send("the end", to="+200000000000")
        messages: list[Sms] = []
        while (message := self._next()).text != "the end":
            messages.append(message)
        return messages

    def _next(self) -> Sms:
        sender, to, text = "", "", ""
        parts = count = 1
        while count <= parts:
            sender, to, kind, words = self._lines.readline().decode().rstrip("\n").split(" ", 3)
            if kind == "udh":
                # Concatenated: 05 00 03, a reference, of how many, which of them (3GPP TS 23.040, 9.2.3.24.1).
                head, _, words = words.split(" ", 2)
                parts = unquote_to_bytes(head)[4]
            text += words if kind == "text" else _ucs2(words)
            count += 1
        return Sms(sender, to, text)

    def close(self) -> None:
        self._lines.close()
        self._line.close()


def _ucs2(words: str) -> str:
    return unquote_to_bytes(words.replace("+", " ")).decode("utf-16-be")


@contextmanager
def reporting_kannel(folder: Path, network: MobileNetwork) -> Iterator[str]:
    """Kannel between this site and a network that reports. Yields the address of its page for sending."""
    boxes = [program(name, package="kannel") for name in ("bearerbox", "smsbox")]
    with ExitStack() as running:
        ports = _free_ports("admin", "boxes", "sending")
        _start_boxes(boxes, folder, ports, SMPP.format(port=network.port), running)
        yield f"http://127.0.0.1:{ports['sending']}/cgi-bin/sendsms"


@contextmanager
def kannel(folder: Path) -> Iterator[Network]:
    boxes = [program(name, package="kannel") for name in ("bearerbox", "smsbox")]
    with ExitStack() as running:
        for attempt in range(3):
            with suppress(NotStarted), ExitStack() as starting:
                network = _start(boxes, folder / str(attempt), starting)
                running.push(starting.pop_all())
                yield network
                return
        raise NotStarted((folder / "2" / "bearerbox").read_text())


def _start(boxes: list[str], folder: Path, running: ExitStack) -> Network:
    ports = _free_ports("admin", "boxes", "network", "sending")
    last = _start_boxes(boxes, folder, ports, FAKE.format(port=ports["network"]), running)
    line = _wait_for(ports["network"], last)
    line.settimeout(SECONDS)
    network = Network(url=f"http://127.0.0.1:{ports['sending']}/cgi-bin/sendsms", line=line)
    running.callback(network.close)
    return network


def _start_boxes(
    boxes: list[str], folder: Path, ports: dict[str, int], smsc: str, running: ExitStack
) -> subprocess.Popen[bytes]:
    folder.mkdir()
    configuration = folder / "kannel.conf"
    configuration.write_text(CONFIGURATION.format(**ports, smsc=smsc, user=USER, password=PASSWORD))
    for box, port in zip(boxes, (ports["boxes"], ports["sending"]), strict=True):
        output = running.enter_context((folder / Path(box).name).open("w"))
        process = subprocess.Popen(
            [box, "-v", "1", str(configuration)],
            cwd=folder,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        running.callback(_end, process)
        _wait_for(port, process).close()
    return process


def _free_ports(*names: str) -> dict[str, int]:
    with ExitStack() as held:
        probes = [held.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in names]
        return dict(zip(names, (probe.getsockname()[1] for probe in probes), strict=True))


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> socket.socket:
    def connected() -> socket.socket | None:
        if process.poll() is not None:
            raise NotStarted
        with suppress(ConnectionRefusedError):
            return socket.create_connection(("127.0.0.1", port))
        return None

    return wait_until(connected, SECONDS)


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
