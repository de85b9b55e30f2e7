"""`manage.py audit_consequences`: list what earlier acts left wrong. Changes nothing."""

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import override

from accounts.services.auditing import documents_with_unfit_digits, logins_of_one_hand
from assessment.queries.late import units_left_failed
from certificates.models import Credential
from certificates.queries.auditing import differing_papers
from certificates.queries.doubts import credentials_in_doubt
from courses.queries.waiting import minors_without_guardian

KINDS = (
    "differing_paper",
    "paper_in_doubt",
    "unfit_check_digit",
    "minor_without_guardian",
    "login_of_one_hand",
    "unit_left_failed",
)


class Command(BaseCommand):
    help = (
        "List certificates whose claims differ from the facts of their cohort on their day, certificates in doubt, national numbers with unfit"
        " check digits, minors without a guardian, logins whose password and role one hand made, and units that a late answer"
        " left failed. Changes nothing. Ends with one line of JSON."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        found = Counter(dict.fromkeys(KINDS, 0))
        with override("en"):
            for kind, what in _findings():
                found[kind] += 1
                self.stdout.write(f"{kind}: {what}")
        self.stdout.write(json.dumps(found))


def _findings() -> Iterator[tuple[str, str]]:
    """Each with the keys by which its page is found: no names and no numbers of cards."""
    for paper in differing_papers(Credential.objects.all()):
        yield "differing_paper", f"{paper.credential.number} ({', '.join(paper.claims)})"
    doubted = credentials_in_doubt(Credential.objects.all())
    for credential in Credential.objects.filter(pk__in=doubted).order_by("pk"):
        doubts = doubted[credential.pk]
        causes = ", ".join(f"{doubt.cause} {doubt.credential.number}" for doubt in doubts)
        yield "paper_in_doubt", f"{credential.number} ({causes})"
    for document in documents_with_unfit_digits():
        yield "unfit_check_digit", f"document {document.pk} of person {document.person_id}"
    for person in minors_without_guardian().order_by("pk"):
        yield "minor_without_guardian", f"person {person.pk}"
    for login in logins_of_one_hand():
        yield "login_of_one_hand", f"login {login.pk}"
    for progress in units_left_failed().order_by("pk"):
        yield "unit_left_failed", f"unit {progress.unit_key} of enrollment {progress.enrollment_id}"
