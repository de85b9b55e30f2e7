"""``manage.py certificate_keys``: see, make, import and end the keys that sign certificates."""

import datetime as dt
from argparse import ArgumentParser
from collections.abc import Callable
from pathlib import Path
from typing import Any

from cryptography import x509
from django.conf import settings
from django.core.management import BaseCommand, CommandError
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from accounts.errors import DomainError
from certificates.enums import KeyRole
from certificates.models import SigningKey
from certificates.queries.keys import published_keys
from certificates.sealing import SealingError
from certificates.services.keys import import_key, make_demo_keys, mark_compromised, retire_key, rotate_key

_ROLES = [role.value for role in KeyRole]


class Command(BaseCommand):
    help = "See, make, import and end the keys that sign certificates (docs/how-to/certificates-keys.md)."
    # Has to run exactly where keys are missing.
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        verbs.add_parser("list", help="every key there ever was")
        verbs.add_parser("make-demo", help="a demo key for every role that has none")
        rotate = verbs.add_parser("rotate", help="a new key in a file; the one before stays published")
        rotate.add_argument("role", choices=_ROLES)
        bring = verbs.add_parser("import", help="a key that lies in SEALING_KEYS_DIR or in the token")
        bring.add_argument("role", choices=_ROLES)
        bring.add_argument("--certificate", type=Path, help="PEM: the key's own, then those above it")
        bring.add_argument(
            "--place", default="", help="file:NAME or pkcs11:LABEL; none for a timestamp authority outside"
        )
        retire = verbs.add_parser("retire", help="end a key; what it signed stays valid")
        retire.add_argument("key_id")
        stolen = verbs.add_parser("compromised", help="end a key that somebody else may have")
        stolen.add_argument("key_id")
        stolen.add_argument("--since", help="ISO 8601, as 2026-11-26T08:00:00+02:00; now when left out")

    def handle(self, *, verb: str, **options: Any) -> None:
        acts: dict[str, Callable[..., None]] = {
            "list": self._list,
            "make-demo": self._make_demo,
            "rotate": self._rotate,
            "import": self._import,
            "retire": self._retire,
            "compromised": self._compromised,
        }
        try:
            acts[verb](**options)
        except (DomainError, SealingError) as error:
            raise CommandError(str(error)) from error
        except SigningKey.DoesNotExist as error:
            raise CommandError(f"There is no key {options['key_id']}.") from error

    def _list(self, **_: Any) -> None:
        for key in published_keys():
            self._say(key)

    def _make_demo(self, **_: Any) -> None:
        if not settings.ALLOW_DEMO_CERTIFICATES:
            raise CommandError("ALLOW_DEMO_CERTIFICATES is off: this site may not sign with demo keys.")
        for key in make_demo_keys():
            self._say(key)

    def _rotate(self, *, role: str, **_: Any) -> None:
        self._say(rotate_key(role=KeyRole(role), by=None))

    def _import(self, *, role: str, certificate: Path | None, place: str, **_: Any) -> None:
        try:
            chain = tuple(x509.load_pem_x509_certificates(certificate.read_bytes())) if certificate else ()
        except (OSError, ValueError) as error:
            raise CommandError(f"{certificate} cannot be read as PEM certificates: {error}") from error
        self._say(import_key(role=KeyRole(role), place=place, certificates=chain, by=None))

    def _retire(self, *, key_id: str, **_: Any) -> None:
        self._say(retire_key(key_id=key_id, by=None))

    def _compromised(self, *, key_id: str, since: str | None, **_: Any) -> None:
        self._say(mark_compromised(key_id=key_id, since=_moment(since), by=None))

    def _say(self, key: SigningKey) -> None:
        state = "active"
        if key.retired_at:
            state = f"retired {key.retired_at:%Y-%m-%d}"
        if key.compromised_at:
            state = f"compromised since {key.compromised_at:%Y-%m-%d}"
        demo = "  DEMO" if key.is_demo else ""
        self.stdout.write(f"{key.role:16}{key.key_id:36}{key.algorithm:7}{key.place or '-':44}{state}{demo}")


def _moment(text: str | None) -> dt.datetime:
    if text is None:
        return timezone.now()
    try:
        moment = parse_datetime(text)
    except ValueError:
        moment = None
    if moment is None:
        raise CommandError(f"{text} is no moment: write it as 2026-11-26T08:00:00+02:00.")
    return moment if timezone.is_aware(moment) else timezone.make_aware(moment)
