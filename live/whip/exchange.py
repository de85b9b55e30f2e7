"""Requests to a media server: WHIP (RFC 9725) for senders, WHEP (draft-ietf-wish-whep) for viewers.

Only the configured addresses and others of the same origin are requested.
"""

import asyncio
import logging
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from http import HTTPStatus

import httpx
from django.conf import settings

logger = logging.getLogger(__name__)

SDP = "application/sdp"
# An offer of a browser with its candidates is 3 to 8 kB.
SDP_BYTES = 64 * 1024
ANSWER_SECONDS = 8.0
HANG_UP_SECONDS = 4.0
REDIRECTS = 2
MOVED = (HTTPStatus.TEMPORARY_REDIRECT, HTTPStatus.PERMANENT_REDIRECT)
# The answers of WHEP for a stream without a sender: 409 by the draft, 404 of most servers.
NOTHING_THERE = (HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT)
# The answers that mean that the connection no longer exists at the media server.
GONE = (HTTPStatus.NOT_FOUND, HTTPStatus.GONE)


class ServerUnreachable(Exception):
    """The media server was unreachable, too slow, failing, or rejected our token."""


class OfferRefused(Exception):
    """The media server rejected the offer."""


class StreamNotFound(Exception):
    """There is no sender to watch, or another sender is already connected."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The media server's SDP, and the address at which the connection can be deleted."""

    sdp: str
    resource: str


class MediaServer:
    """A media server, authenticated by a bearer token."""

    def __init__(self, *, token: str) -> None:
        self._token = token

    def _client(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(
            verify=_trusted(),
            headers={"Authorization": f"Bearer {self._token}"},
            timeout=ANSWER_SECONDS,
            # Without the proxy and credentials of the environment.
            trust_env=False,
        )

    async def answer(self, address: str, offer: str) -> Answer:
        """Send an offer to a WHIP or WHEP endpoint. Raises `ServerUnreachable`, `OfferRefused`, `StreamNotFound`."""
        with _away("answer"):
            async with asyncio.timeout(ANSWER_SECONDS), self._client() as client:
                endpoint = httpx.URL(address)
                for _ in range(REDIRECTS + 1):
                    response, body = await _post(client, endpoint, offer)
                    if response.status_code not in MOVED:
                        break
                    endpoint = _on_same_origin(endpoint, response)
        _require_created(response)
        resource = _on_same_origin(endpoint, response)
        if body is None or not response.headers.get("Content-Type", "").startswith(SDP):
            await self.hang_up(str(resource))
            raise ServerUnreachable("the answer is no SDP")
        return Answer(body, str(resource))

    async def hang_up(self, resource: str) -> bool:
        """Delete a connection at the media server. Return whether it is gone; otherwise the request has to be repeated."""
        try:
            with _away("hang up"):
                async with asyncio.timeout(HANG_UP_SECONDS), self._client() as client:
                    response = await client.delete(resource)
        except ServerUnreachable:
            return False
        if response.is_success or response.status_code in GONE:
            return True
        logger.warning("The media server answered %s to the DELETE of a connection.", response.status_code)
        return False


def the_media_server() -> MediaServer:
    """The media server of the settings."""
    return MediaServer(token=settings.LIVE_MEDIA_TOKEN)


@cache
def _trusted() -> ssl.SSLContext:
    """The trusted certificate authorities: loaded once, not for every offer."""
    return ssl.create_default_context()


@contextmanager
def _away(act: str) -> Iterator[None]:
    try:
        yield
    except (httpx.HTTPError, httpx.InvalidURL, TimeoutError) as error:
        logger.warning("The media server is unreachable (%s): %s", act, type(error).__name__)
        raise ServerUnreachable from error


async def _post(
    client: httpx.AsyncClient, endpoint: httpx.URL, offer: str
) -> tuple[httpx.Response, str | None]:
    """The response and its text; None where it is too large or not text."""
    body = bytearray()
    async with client.stream("POST", endpoint, content=offer, headers={"Content-Type": SDP}) as response:
        async for piece in response.aiter_bytes():
            body += piece
            if len(body) > SDP_BYTES:
                return response, None
    try:
        return response, body.decode()
    except UnicodeDecodeError:
        return response, None


def _require_created(response: httpx.Response) -> None:
    if response.status_code == HTTPStatus.CREATED:
        return
    if response.status_code in NOTHING_THERE:
        raise StreamNotFound
    if response.status_code in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
        logger.error("The media server rejected LIVE_MEDIA_TOKEN (%s).", response.status_code)
    elif response.is_client_error and response.status_code != HTTPStatus.TOO_MANY_REQUESTS:
        raise OfferRefused
    raise ServerUnreachable(f"status {response.status_code}")


def _on_same_origin(endpoint: httpx.URL, response: httpx.Response) -> httpx.URL:
    """`Location` of a response, relative or absolute. Raises `ServerUnreachable` for another origin."""
    try:
        found = endpoint.join(response.headers["Location"])
    except (KeyError, httpx.InvalidURL) as error:
        raise ServerUnreachable("no Location") from error
    if (found.scheme, found.host, found.port) != (endpoint.scheme, endpoint.host, endpoint.port):
        logger.error("The media server redirects to another origin, which is not followed.")
        raise ServerUnreachable("a Location on another origin")
    return found
