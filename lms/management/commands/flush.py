"""``manage.py flush``: refused, in words instead of a list of possible reasons."""

from typing import Any

from django.core.management import CommandError
from django.core.management.commands import flush


class Command(flush.Command):
    help = "Refused: the register of certificates is never emptied. Drop the database and make it again."

    def handle(self, **options: Any) -> None:
        raise CommandError(
            "Neither the application nor the owner empties the register of certificates. "
            "To begin anew, drop the database, make it again and run `manage.py prepare`."
        )
