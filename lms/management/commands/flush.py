"""``manage.py flush``: refused, with a message that says what to do instead."""

from typing import Any

from django.core.management import CommandError
from django.core.management.commands import flush


class Command(flush.Command):
    help = "Refused: the register of certificates is never emptied. Drop the database and make it again."

    def handle(self, **options: Any) -> None:
        raise CommandError(
            "Neither the application nor the owner empties the register of certificates. "
            "To start again, drop the database, create it and run `manage.py prepare`."
        )
