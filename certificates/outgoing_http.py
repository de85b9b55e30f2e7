"""Outgoing HTTP to addresses that users entered, with protection against SSRF.

The name is resolved once, all its addresses are checked, and the connection goes to a checked address, so that a later
DNS answer changes nothing (DNS rebinding). Redirects are not followed, and proxies of the environment are ignored. Free
of Django.
"""

import ipaddress
import queue
import socket
import ssl
import threading
import time
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import httpcore
import httpx

type Address = ipaddress.IPv4Address | ipaddress.IPv6Address
type Network = ipaddress.IPv4Network | ipaddress.IPv6Network

# IPv6 forms of IPv4 addresses, which are refused without a look at the embedded address; former public ranges (RFC 3879, 7526);
# SRv6 segment identifiers (RFC 9602).
_BLOCKED_NETWORKS = [
    ipaddress.ip_network(text)
    for text in (
        "64:ff9b::/96",
        "64:ff9b:1::/48",
        "2002::/16",
        "2001::/32",
        "::/96",
        "::ffff:0:0:0/96",
        "fec0::/10",
        "192.88.99.0/24",
        "5f00::/16",
    )
]


class Refusal(StrEnum):
    """Why an address may not be called."""

    NO_ADDRESS = "it is not an address"
    SCHEME = "it has to begin with https://"
    HOST = "it has no host name, or a name and password in it"
    NOT_PUBLIC = "it leads into a network that is not public"


class OutgoingRequestRefused(Exception):
    """The address may not be called."""

    def __init__(self, refusal: Refusal, detail: str = "") -> None:
        super().__init__(f"{refusal.value}: {detail}" if detail else refusal.value)
        self.refusal = refusal


class HostUnreachable(Exception):
    """No response; the message gives the cause."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OutgoingRules:
    """`https_only` refuses plain HTTP; `allowed` are networks that may be called although they are not public.

    `patience` is the limit in seconds for the whole call, from the DNS query to the last header. A receiver that sends
    single bytes cannot prolong it.
    """

    https_only: bool
    allowed: Collection[Network] = ()
    timeout_seconds: float = 20


def check_url(url: str, *, rules: OutgoingRules) -> httpx.URL:
    """Parse an address without using the network. Raises OutgoingRequestRefused, also for a private address written out."""
    try:
        parsed = httpx.URL(url)
    except (httpx.InvalidURL, ValueError) as fault:
        raise OutgoingRequestRefused(Refusal.NO_ADDRESS) from fault
    if parsed.scheme not in ({"https"} if rules.https_only else {"https", "http"}):
        raise OutgoingRequestRefused(Refusal.SCHEME)
    if not parsed.host or parsed.userinfo:
        raise OutgoingRequestRefused(Refusal.HOST)
    try:
        written = ipaddress.ip_address(parsed.host)
    except ValueError:
        return parsed
    _check_address(written, rules)
    return parsed


def post(url: str, *, content: bytes, headers: Mapping[str, str], rules: OutgoingRules) -> int:
    """Send `content`; the status code of the answer, whose body is not read. Raises OutgoingRequestRefused or HostUnreachable."""
    parsed = check_url(url, rules=rules)
    deadline = time.monotonic() + rules.timeout_seconds
    address = _resolve(parsed, rules, deadline=deadline)
    request = httpx.Request(
        "POST",
        parsed.copy_with(host=str(address)),
        content=content,
        headers={**headers, "Host": parsed.netloc.decode("ascii")},
    )
    try:
        return _send(request, name=parsed.raw_host.decode("ascii"), deadline=deadline)
    except _FAILURES as fault:
        raise HostUnreachable(f"{type(fault).__name__}: {fault}") from fault


def _send(request: httpx.Request, *, name: str, deadline: float) -> int:
    """Send to the address in the request's URL. The certificate has to be that of `name`, not of the address."""
    url = request.url
    with httpcore.ConnectionPool(
        ssl_context=httpx.create_ssl_context(trust_env=False), network_backend=_DeadlineBackend(deadline)
    ) as pool:
        response = pool.handle_request(
            httpcore.Request(
                request.method,
                httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
                headers=request.headers.raw,
                content=request.content,
                extensions={"sni_hostname": name},
            )
        )
        response.close()
    return response.status


_FAILURES = (
    httpcore.TimeoutException,
    httpcore.NetworkError,
    httpcore.ProtocolError,
    httpcore.UnsupportedProtocol,
)


class _DeadlineBackend(httpcore.NetworkBackend):
    """Connections with a deadline in `time.monotonic()`."""

    def __init__(self, deadline: float) -> None:
        self.deadline = deadline

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        left = _seconds_left(self.deadline)
        return _DeadlineStream(httpcore.SyncBackend().connect_tcp(host, port, timeout=left), self.deadline)


class _DeadlineStream(httpcore.NetworkStream):
    def __init__(self, stream: httpcore.NetworkStream, deadline: float) -> None:
        self.stream = stream
        self.deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self.stream.read(max_bytes, timeout=_seconds_left(self.deadline))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self.stream.write(buffer, timeout=_seconds_left(self.deadline))

    def close(self) -> None:
        self.stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        left = _seconds_left(self.deadline)
        return _DeadlineStream(
            self.stream.start_tls(ssl_context, server_hostname, timeout=left), self.deadline
        )

    def get_extra_info(self, info: str) -> Any:
        return self.stream.get_extra_info(info)


def _seconds_left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise httpcore.ReadTimeout("the answer took too long")
    return left


def _resolve(url: httpx.URL, rules: OutgoingRules, *, deadline: float) -> Address:
    answers = _look_up(
        url.raw_host.decode("ascii"), url.port or (443 if url.scheme == "https" else 80), deadline
    )
    if not answers:
        raise HostUnreachable(f"The name {url.host} is not known.")
    addresses = [ipaddress.ip_address(str(answer[4][0]).partition("%")[0]) for answer in answers]
    for address in addresses:
        _check_address(address, rules)
    return addresses[0]


def _look_up(name: str, port: int, deadline: float) -> list[Any]:
    """The addresses of a name, by the deadline. `getaddrinfo` has no timeout, so it runs in a thread that is abandoned then."""
    answers: queue.SimpleQueue[list[Any]] = queue.SimpleQueue()

    def ask() -> None:
        try:
            answers.put(socket.getaddrinfo(name, port, type=socket.SOCK_STREAM))
        except (OSError, UnicodeError):
            answers.put([])

    threading.Thread(target=ask, daemon=True).start()
    try:
        return answers.get(timeout=max(0, deadline - time.monotonic()))
    except queue.Empty:
        return []


def _check_address(address: Address, rules: OutgoingRules) -> None:
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    if any(address in network for network in rules.allowed):
        return
    if not address.is_global or address.is_multicast or any(address in one for one in _BLOCKED_NETWORKS):
        raise OutgoingRequestRefused(Refusal.NOT_PUBLIC, str(address))
