"""Phones with an authenticator app (TOTP, RFC 6238) for tests: an independent implementation."""

import base64
import hashlib
import hmac
import struct
import time

from django.test import Client
from django.urls import reverse

from accounts.models import User

PASSWORD = "lathe-and-anvil-7"


def code_of(secret: str, *, steps_later: int = 0) -> str:
    """What the app shows: six digits of HMAC-SHA1 over the half minute (RFC 4226, 5.3)."""
    counter = int(time.time()) // 30 + steps_later
    digest = hmac.digest(base64.b32decode(secret), struct.pack(">Q", counter), hashlib.sha1)
    start = digest[-1] & 0xF
    number = int.from_bytes(digest[start : start + 4], "big") & 0x7FFFFFFF
    return f"{number % 1_000_000:06}"


def wrong_code(secret: str) -> str:
    """Six digits that no half minute near now has."""
    near = {code_of(secret, steps_later=step) for step in range(-3, 4)}
    return next(
        digits
        for digits in ("000000", "111111", "222222", "333333", "444444", "555555", "666666", "777777")
        if digits not in near
    )


def log_in(user: User, client: Client | None = None, **where: str) -> Client:
    """A browser in which the password was typed."""
    client = client or Client()
    client.post(reverse("account_login"), {"login": user.username, "password": PASSWORD}, **where)
    return client


def set_up_app(client: Client) -> tuple[str, list[str]]:
    """Set up the app on the pages; the secret it was given, and the recovery codes that are shown once."""
    page = reverse("mfa_activate_totp")
    secret = client.get(page).context["form"].secret
    client.post(page, {"code": code_of(secret)})
    return secret, client.get(reverse("mfa_view_recovery_codes")).context["unused_codes"]
