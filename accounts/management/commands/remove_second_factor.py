"""Takes a lost second factor from a login: for the operator, where no superuser is left who could do it on the pages."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.errors import DomainError
from accounts.models import User
from accounts.services.logins import normalize_login
from accounts.services.second_factors import remove_second_factors


class Command(BaseCommand):
    help = "Remove the second factors of a login; its sessions end, and its holder is told."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("login", help="user name, mobile number or e-mail address")
        parser.add_argument("--reason", required=True, help="kept in the audit trail")

    def handle(self, *_args: Any, login: str, reason: str, **_options: Any) -> None:
        try:
            user = User.objects.get_by_natural_key(normalize_login(login))
            remove_second_factors(user_id=user.pk, reason=reason, by=None)
        except User.DoesNotExist as missing:
            raise CommandError(f"No login uses {login}.") from missing
        except DomainError as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"{login} logs in with the password alone, and sets up a new second factor.")
