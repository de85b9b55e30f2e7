"""``manage.py apply_erasures``: after a restore, erase again who was erased since the copy was made."""

from typing import Any

from django.core.management.base import BaseCommand

from accounts.services.erasures import erase_again


class Command(BaseCommand):
    help = (
        "Erase every person whom the register of erasures (ERASURE_REGISTER) names and the database still knows. Run it"
        " after a backup was restored, before the site opens; a second run changes nothing."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        erased = sum(1 for _key in erase_again())
        self.stdout.write(f"Erased again: {erased}.")
