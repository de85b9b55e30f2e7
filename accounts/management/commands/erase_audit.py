"""``manage.py erase_audit``: take a person's data out of the audit trail, where the law asks for it."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.errors import DomainError
from accounts.models import Person
from accounts.services.audit_erasing import erase_personal_data


class Command(BaseCommand):
    help = (
        "Erase the words of every row of the audit trail about a person; the rows stay and still verify. It cannot be"
        " undone."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("person", type=int, help="the key of the person, as in the address of their page")
        parser.add_argument("--reason", required=True, help="the legal basis and the decision; it is logged")

    def handle(self, *args: Any, person: int, reason: str, **options: Any) -> None:
        try:
            erased = erase_personal_data(person_id=person, reason=reason, by=None)
        except (DomainError, Person.DoesNotExist) as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"Words erased in {len(erased)} rows.")
