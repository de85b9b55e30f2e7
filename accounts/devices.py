"""Devices on which a user logged in before.

A guesser of passwords locks the identity for unknown devices, not the phone of the person it belongs to. A signed cookie
names the device and the logins that were used on it; it opens nothing by itself.
"""

import secrets
from typing import Any

from django.conf import settings
from django.core.signing import BadSignature, dumps, loads
from django.http import HttpRequest, HttpResponse

from accounts.models import User

COOKIE = "device"
SALT = "accounts.devices"
DAYS = 180
# The phone of a family, or a machine of a center: the newest logins stay known.
LOGINS_OF_ONE_DEVICE = 5


def known_device(request: HttpRequest, user: User) -> str | None:
    """The name of this device where `user` logged in on it before, else None."""
    device = _read(request)
    return device["name"] if user.pk in device["logins"] else None


def device_name(request: HttpRequest) -> str:
    """The name of this device, empty where no one logged in on it."""
    device = _read(request)
    return str(device["name"]) if device["logins"] else ""


def remember_device(request: HttpRequest, response: HttpResponse, user: User) -> None:
    device = _read(request)
    others = [login for login in device["logins"] if login != user.pk]
    device["logins"] = [user.pk, *others][:LOGINS_OF_ONE_DEVICE]
    response.set_cookie(
        COOKIE,
        dumps(device, salt=SALT),
        max_age=DAYS * 24 * 3600,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _read(request: HttpRequest) -> dict[str, Any]:
    try:
        return loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=DAYS * 24 * 3600)
    except BadSignature:
        return {"name": secrets.token_hex(8), "logins": []}


def remember_language(response: HttpResponse, language: str) -> None:
    """Addresses without a language, such as the front page, lead to the one that the last user of the device chose."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=DAYS * 24 * 3600,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
