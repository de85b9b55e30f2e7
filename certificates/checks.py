"""System checks: the keys that certificates need.

It queries the database, so it has the `database` tag; `migrate` must not fail without keys, so it is a deployment
check: `manage.py check --deploy --database default`. Every serving process runs it (`lms.serving`).
"""

from collections.abc import Sequence

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register

from certificates.enums import KeyRole
from certificates.models import SigningKey

# Every installation needs these. Time stamps may come from an external authority, and an optional engine adds its own.
NEEDED_ROLES = [KeyRole.PDF_SEAL, KeyRole.CREDENTIAL]
KEYS = "keys"


@register(KEYS, Tags.database, deploy=True)
def check_keys(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **_: object
) -> list[CheckMessage]:
    """certificates.E001: a role without a key. certificates.E002: a demo key where those may not sign."""
    if settings.DEBUG or settings.ALLOW_DEMO_CERTIFICATES or "default" not in (databases or ()):
        return []
    active = {key.role: key for key in SigningKey.objects.filter(retired_at__isnull=True)}
    hint = "manage.py certificate_keys; see docs/how-to/certificates-keys.md."
    missing = [
        Error(f"No active key for {role}.", hint=hint, id="certificates.E001")
        for role in NEEDED_ROLES
        if role not in active
    ]
    demo = [
        Error(
            f"The active key for {key.role}, {key.key_id}, is DEMO - NOT FOR PRODUCTION.",
            hint=hint,
            id="certificates.E002",
        )
        for key in active.values()
        if key.is_demo
    ]
    return [*missing, *demo]
