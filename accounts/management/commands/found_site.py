"""Makes the first two officers of a site, who are two people."""

import sys
from argparse import ArgumentParser
from getpass import getpass
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from accounts.errors import DomainError
from accounts.services.founding import Founder, found_site
from accounts.services.logins import choose_password

FACTS = ("NAME", "NATIONAL_NUMBER", "MOBILE_NUMBER")


class Command(BaseCommand):
    help = "Make the first two ministry officers of a site that has none. Each types a password of their own, or chooses it by a code."

    def add_arguments(self, parser: ArgumentParser) -> None:
        for name in ("--first", "--second"):
            parser.add_argument(
                name, nargs=3, metavar=FACTS, required=True, help="the name in Arabic letters"
            )

    @transaction.atomic
    def handle(self, *_args: Any, first: list[str], second: list[str], **_options: Any) -> None:
        try:
            for user in found_site(first=Founder(*first), second=Founder(*second)):
                asked = f"{user}: password (empty: by a code to {user.phone}): "
                if sys.stdin.isatty() and (password := getpass(asked)):
                    choose_password(password=password, by=user)
                self.stdout.write(f"{user} logs in with {user.phone}.")
        except DomainError as refusal:
            raise CommandError(str(refusal)) from refusal
