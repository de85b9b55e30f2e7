"""`manage.py install_designs`: adds the built-in designs of certificates that are not there."""

from typing import Any

from django.core.management.base import BaseCommand

from certificates.services.designs import install_designs


class Command(BaseCommand):
    help = "Add the built-in certificate designs as drafts. Designs that are there are left alone."

    def handle(self, *_args: Any, **_options: Any) -> None:
        added = install_designs()
        for template in added:
            self.stdout.write(f"added as a draft: {template.name}")
        if not added:
            self.stdout.write("every built-in design is there")
