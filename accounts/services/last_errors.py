"""The last error page that a browser was shown, kept by the browser itself in a signed cookie for an hour.

It has the status, the hour, the number under which the error is in the log, and the name of the view: nothing of the address, and
nothing of who was logged in.
"""

import datetime as dt
import logging
import secrets
import time
from dataclasses import dataclass

from django.conf import settings
from django.core.signing import BadSignature, dumps, loads
from django.http import HttpRequest, HttpResponseBase

logger = logging.getLogger(__name__)

COOKIE = "last_error"
SALT = "accounts.last_errors"
SECONDS = 3600
LONGEST_VIEW = 80


@dataclass(frozen=True)
class LastError:
    status: int
    # Eight hexadecimal digits.
    number: str
    view: str
    at: dt.datetime


def note_last_error(request: HttpRequest, response: HttpResponseBase) -> None:
    """Have the browser keep it, and log its number."""
    match = request.resolver_match
    view = (match.view_name if match else "")[:LONGEST_VIEW]
    number = secrets.token_hex(4)
    logger.info("Error page %s with status %s, of the view %s.", number, response.status_code, view or "–")
    response.set_cookie(
        COOKIE,
        dumps([response.status_code, number, view, int(time.time())], salt=SALT),
        max_age=SECONDS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def last_error(request: HttpRequest) -> LastError | None:
    """None where this browser had no error page within the hour."""
    try:
        status, number, view, at = loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=SECONDS)
    except BadSignature:
        return None
    return LastError(status, number, view, dt.datetime.fromtimestamp(at, tz=dt.UTC))
