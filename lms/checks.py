"""System checks of an installation: weak secrets, and a database role with too many rights.

`manage.py check --deploy` runs the first, with `--database default` both; every serving process asks for the second (`lms.serving`).
"""

import base64
import binascii
from collections.abc import Sequence

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connection

from lms.application_role import POWERS

ROLE = "role"
# What `secrets.token_urlsafe(24)` gives: 192 bits.
SHORTEST = 32
# A secret of few different letters is quickly guessed.
FEWEST_DIFFERENT = 10


@register(Tags.security, deploy=True)
def check_secrets(app_configs: Sequence[AppConfig] | None, **_: object) -> list[CheckMessage]:
    """lms.E001: a secret is empty, short or no key. Guessing it would allow reading identity numbers or signing stream addresses."""
    problems = [
        f"{name} must be random, of {SHORTEST} letters or more."
        for name in ("SECRET_KEY", "IDENTITY_HMAC_KEY", "MEDIA_LINK_SECRET")
        if is_weak(getattr(settings, name))
    ]
    if not settings.FIELD_ENCRYPTION_KEYS or not all(map(is_fernet_key, settings.FIELD_ENCRYPTION_KEYS)):
        problems.append(
            "FIELD_ENCRYPTION_KEYS must be keys of 32 random bytes, urlsafe base64, with commas between them."
        )
    return [
        Error(problem, hint="See docs/reference/operations.md, Settings.", id="lms.E001")
        for problem in problems
    ]


@register(ROLE, Tags.database, deploy=True)
def check_role(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **_: object
) -> list[CheckMessage]:
    """lms.E002: the application's role in the database is a superuser, owns tables or may bypass triggers in another way."""
    if "default" not in (databases or ()):
        return []
    with connection.cursor() as cursor:
        cursor.execute(POWERS)
        powers = [power for (power,) in cursor.fetchall()]
    if not powers:
        return []
    role = connection.settings_dict["USER"]
    return [
        Error(
            f"{role}, the role of the application in the database, {', '.join(powers)}: "
            "triggers do not keep the register of certificates from it.",
            hint=(
                "Move its address to DATABASE_OWNER_URL, name another role and password in DATABASE_URL, and run "
                "`manage.py prepare`, which makes that role; see docs/reference/operations.md, Two roles in the database."
            ),
            id="lms.E002",
        )
    ]


def is_weak(secret: str) -> bool:
    return len(secret) < SHORTEST or len(set(secret)) < FEWEST_DIFFERENT


def is_fernet_key(key: str) -> bool:
    try:
        raw = base64.urlsafe_b64decode(key)
    except (binascii.Error, ValueError):
        return False
    return len(raw) == 32 and len(set(raw)) >= FEWEST_DIFFERENT
