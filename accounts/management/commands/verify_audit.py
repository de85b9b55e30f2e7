"""``manage.py verify_audit``: checks that the audit trail is as it was written."""

import datetime as dt
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.services.audit_verifying import AuditVerification


class Command(BaseCommand):
    help = (
        "Find rows of the audit trail that were changed, removed, moved or inserted, and seals that were changed or"
        " removed. Says which, one a line; exit code 1 on any finding."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--seal",
            action="append",
            default=[],
            metavar="DAY=DIGEST",
            help="a seal that was written down elsewhere, such as 2026-11-27=3f…; may be given several times",
        )

    def handle(self, *args: Any, seal: list[str], **options: Any) -> None:
        verification = AuditVerification(expected=dict(map(_parsed, seal)))
        for finding in verification.findings():
            self.stderr.write(f"{finding.kind}: {finding.what}")
        self.stdout.write(
            f"{verification.rows} rows, {verification.days} sealed days; words erased by law in"
            f" {verification.erased} rows, addresses expired in {verification.without_address};"
            f" findings: {verification.found}"
        )
        if verification.last_seal:
            self.stdout.write(f"Last seal: {verification.last_seal}")
        if verification.found:
            sys.exit(1)


def _parsed(seal: str) -> tuple[dt.date, str]:
    day, _equals, digest = seal.partition("=")
    try:
        return dt.date.fromisoformat(day), digest
    except ValueError as error:
        raise CommandError(f"“{seal}” is no DAY=DIGEST, such as 2026-11-27=3f…") from error
