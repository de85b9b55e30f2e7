"""Calls to addresses that people typed, and never into our own network.

The name is resolved once, every address it has is looked at, and the connection goes to that address: a name that
answers otherwise a moment later gains nothing (DNS rebinding). Redirects are not followed, and no proxy of the
environment is asked. Free of Django.
"""

import ipaddress
import socket
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

import httpx

type Address = ipaddress.IPv4Address | ipaddress.IPv6Address
type Network = ipaddress.IPv4Network | ipaddress.IPv6Network

# Ways to write an IPv4 address in IPv6; what is behind them is not ours to look at.
_TRANSLATED = [
    ipaddress.ip_network(text) for text in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32")
]


class Refusal(StrEnum):
    """Why an address may not be called."""

    NO_ADDRESS = "it is not an address"
    SCHEME = "it has to begin with https://"
    HOST = "it has no host name, or a name and password in it"
    NOT_PUBLIC = "it leads into a network that is not public"


class EgressRefused(Exception):
    """The address may not be called."""

    def __init__(self, refusal: Refusal, detail: str = "") -> None:
        super().__init__(f"{refusal.value}: {detail}" if detail else refusal.value)
        self.refusal = refusal


class NotReached(Exception):
    """Nobody answered; the text says what happened."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EgressRules:
    """`https_only` refuses plain HTTP; `allowed` are networks that may be called although they are not public.

    `patience` is how many seconds one step (connecting, sending, waiting for the answer) may take.
    """

    https_only: bool
    allowed: Collection[Network] = ()
    patience: float = 10


def check_url(url: str, *, rules: EgressRules) -> httpx.URL:
    """Read an address without asking the network. Raises EgressRefused, also for a private address written out."""
    try:
        parsed = httpx.URL(url)
    except (httpx.InvalidURL, ValueError) as fault:
        raise EgressRefused(Refusal.NO_ADDRESS) from fault
    if parsed.scheme not in ({"https"} if rules.https_only else {"https", "http"}):
        raise EgressRefused(Refusal.SCHEME)
    if not parsed.host or parsed.userinfo:
        raise EgressRefused(Refusal.HOST)
    try:
        written = ipaddress.ip_address(parsed.host)
    except ValueError:
        return parsed
    _check_address(written, rules)
    return parsed


def post(url: str, *, content: bytes, headers: Mapping[str, str], rules: EgressRules) -> int:
    """Send `content`; the status code of the answer, whose body is not read. Raises EgressRefused or NotReached."""
    parsed = check_url(url, rules=rules)
    address = _resolve(parsed, rules)
    request = httpx.Request(
        "POST",
        parsed.copy_with(host=str(address)),
        content=content,
        headers={**headers, "Host": parsed.netloc.decode("ascii")},
        # The certificate has to be that of the name, not of the address.
        extensions={
            "sni_hostname": parsed.raw_host.decode("ascii"),
            "timeout": httpx.Timeout(rules.patience).as_dict(),
        },
    )
    try:
        with httpx.HTTPTransport(trust_env=False) as transport:
            response = transport.handle_request(request)
            response.close()
    except httpx.HTTPError as fault:
        raise NotReached(f"{type(fault).__name__}: {fault}") from fault
    return response.status_code


def _resolve(url: httpx.URL, rules: EgressRules) -> Address:
    port = url.port or (443 if url.scheme == "https" else 80)
    try:
        answers = socket.getaddrinfo(url.raw_host.decode("ascii"), port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as fault:
        raise NotReached(f"The name {url.host} is not known.") from fault
    addresses = [ipaddress.ip_address(str(answer[4][0]).partition("%")[0]) for answer in answers]
    for address in addresses:
        _check_address(address, rules)
    return addresses[0]


def _check_address(address: Address, rules: EgressRules) -> None:
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    if any(address in network for network in rules.allowed):
        return
    if not address.is_global or address.is_multicast or any(address in network for network in _TRANSLATED):
        raise EgressRefused(Refusal.NOT_PUBLIC, str(address))
