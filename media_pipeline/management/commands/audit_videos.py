"""``manage.py audit_videos``: find damaged, missing and stray files of published videos."""

import dataclasses
import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from media_pipeline.services.auditing import VideoAudit


class Command(BaseCommand):
    help = (
        "Check that every file of every published version is in the storage with the size and digest it was published"
        " with, and that no file is without a version. Ends with one line of JSON; exit code 1 on any finding."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--after",
            type=int,
            default=0,
            metavar="KEY",
            help='go on behind this version ("last" in the JSON)',
        )
        parser.add_argument("--limit", type=int, metavar="COUNT", help="compare at most so many versions")

    def handle(self, *, after: int, limit: int | None, **_: Any) -> None:
        audit = VideoAudit(after=after, limit=limit)
        try:
            for finding in audit.findings():
                self.stderr.write(f"{finding.kind}: {finding.what}")
        except KeyboardInterrupt:
            self._report(audit)
            sys.exit(130)
        self._report(audit)
        if audit.found:
            sys.exit(1)

    def _report(self, audit: VideoAudit) -> None:
        totals = {
            name: value for name, value in dataclasses.asdict(audit).items() if name not in {"limit", "now"}
        }
        self.stdout.write(json.dumps({**totals, "findings": sum(audit.found.values())}))
