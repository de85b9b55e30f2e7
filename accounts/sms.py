"""Short messages through the operator's gateway, by the HTTP interface of Kannel.

User's Guide 1.4.5, "Using the HTTP interface to send SMS messages". Kannel speaks SMPP with the mobile networks and
keeps what they do not take yet. Free of Django.

The text is in the body and the login in headers, so that neither is in URLs, which servers log.
"""

import math
import time

import httpx

PATIENCE = httpx.Timeout(10, connect=3)
# Seconds without another try after the gateway was not reached: otherwise each of hundreds of messages waits for it.
REST_SECONDS = 60
# A message beyond one part is sent as several and joined by the phone (3GPP TS 23.040, 9.2.3.24.1).
ONE_PART, OF_SEVERAL = 70, 67
MOST_PARTS = 3
# Of the data coding scheme (3GPP TS 23.038): the alphabet of the network, which has no Arabic, and UCS-2.
GSM, UCS2 = "0", "2"


# Which reports are asked for: 1 delivered, 2 not delivered, 8 taken and 16 refused by the network.
REPORTS = "27"
# The connection did not come about: the gateway has seen nothing of the message.
UNSEEN = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)


class SmsNotSent(Exception):
    """The gateway was not reached or did not take the message; the text says why."""


class SmsUnknown(Exception):
    """The connection ended before the gateway answered: it may have taken the message or not."""


class SmsGateway:
    """Not for several threads at once."""

    def __init__(self, *, url: str, user: str, password: str, sender: str) -> None:
        self._url = url
        self._login = {
            "X-Kannel-Username": user,
            "X-Kannel-Password": password,
            "X-Kannel-From": sender,
        }
        # No proxy of the environment is asked, no redirect is followed, and no connection is left to be closed.
        self._http = httpx.Client(
            timeout=PATIENCE, trust_env=False, limits=httpx.Limits(max_keepalive_connections=0)
        )
        self._rests_until = 0.0

    def send(self, text: str, *, to: str, report_to: str = "") -> None:
        """Give the gateway a message; `to` is E.164. From then on the gateway delivers it, and reports to an address.

        Raises SmsNotSent, SmsUnknown.
        """
        if parts_of(text) > MOST_PARTS:
            raise SmsNotSent(f"It is longer than {MOST_PARTS} messages.")
        if time.monotonic() < self._rests_until:
            raise SmsNotSent("The gateway was not reached a moment ago.")
        headers = {
            **self._login,
            "X-Kannel-To": to,
            "X-Kannel-Coding": _coding(text),
            "Content-Type": "text/plain; charset=UTF-8",
        }
        if report_to:
            headers |= {"X-Kannel-DLR-Mask": REPORTS, "X-Kannel-DLR-Url": report_to}
        try:
            answer = self._http.post(self._url, content=text.encode(), headers=headers)
        except httpx.TransportError as error:
            self._rests_until = time.monotonic() + REST_SECONDS
            if isinstance(error, UNSEEN):
                raise SmsNotSent(f"The gateway was not reached: {error}") from error
            raise SmsUnknown(f"The gateway did not answer: {error}") from error
        if answer.status_code != httpx.codes.ACCEPTED:
            raise SmsNotSent(f"The gateway answered {answer.status_code}: {answer.text[:100]}")


def parts_of(text: str) -> int:
    """How many messages `text` is on a network, counted as UCS-2 units, the dearer way."""
    units = len(text.encode("utf-16-be")) // 2
    return 1 if units <= ONE_PART else math.ceil(units / OF_SEVERAL)


def _coding(text: str) -> str:
    # ASCII is all in that alphabet but for this one letter (3GPP TS 23.038, 6.2.1).
    return GSM if text.isascii() and "`" not in text else UCS2
