"""``manage.py api_client``: make, see and end the keys of programs that ask the API."""

from argparse import ArgumentParser
from typing import Any

from django.core.management import BaseCommand, CommandError
from django.db import IntegrityError

from accounts.errors import DomainError
from certificates.enums import ClientScope
from certificates.models import ApiClient
from certificates.services.clients import end_client, make_client


class Command(BaseCommand):
    help = "Make, see and end the keys of programs that ask the API (docs/reference/certificates-api.md)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        verbs.add_parser("list", help="every client there ever was")
        make = verbs.add_parser("make", help="a new client; its key is printed once")
        make.add_argument("name")
        make.add_argument(
            "--may", action="append", required=True, choices=ClientScope.values, help="may be repeated"
        )
        make.add_argument("--codes-per-minute", type=int, default=5000)
        end = verbs.add_parser("end", help="end the key of a client")
        end.add_argument("name")

    def handle(self, *, verb: str, **options: Any) -> None:
        try:
            {"list": self._list, "make": self._make, "end": self._end}[verb](**options)
        except DomainError as error:
            raise CommandError(str(error)) from error
        except ApiClient.DoesNotExist as error:
            raise CommandError("There is no such client.") from error
        except IntegrityError as error:
            raise CommandError("There is a client of this name already.") from error

    def _list(self, **_options: Any) -> None:
        for client in ApiClient.objects.all():
            until = f"ended {client.ended_at:%Y-%m-%d}" if client.ended_at else "in use"
            self.stdout.write(f"{client.name}\t{client.key_hint}…\t{','.join(client.scopes)}\t{until}")

    def _make(self, *, name: str, may: list[str], codes_per_minute: int, **_options: Any) -> None:
        _client, key = make_client(
            name=name, scopes={ClientScope(one) for one in may}, codes_per_minute=codes_per_minute, by=None
        )
        self.stdout.write(key)

    def _end(self, *, name: str, **_options: Any) -> None:
        end_client(client_id=ApiClient.objects.get(name=name).pk, by=None)
        self.stdout.write("Ended.")
