"""`manage.py audit_certificates`: find inconsistencies in the register of certificates and its files."""

import dataclasses
import json
import sys
from typing import Any

from django.core.management.base import BaseCommand

from certificates.services.auditing import Audit


class Command(BaseCommand):
    help = (
        "Check that numbers have no gap and no duplicate, and that every drawn certificate and copy has one file"
        " with the recorded hash and size, and no file is without a row. Ends with one line of JSON; exit code 1"
        " on any finding."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        audit = Audit()
        for finding in audit.findings():
            self.stderr.write(f"{finding.kind}: {finding.what}")
        totals = dataclasses.asdict(audit)
        self.stdout.write(json.dumps({**totals, "findings": sum(audit.found.values())}))
        if audit.found:
            sys.exit(1)
