"""``manage.py index_programs``: make the index of the catalog's search again."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from courses.services.search_index import index_all, index_programs


class Command(BaseCommand):
    help = (
        "Make the index of the catalog's search again, of every program or of those that changed. Nothing has to stop"
        " for it; searches go on with the old entries."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--changed", action="store_true", help="only programs that changed since they were indexed"
        )

    def handle(self, *args: Any, changed: bool, **options: Any) -> None:
        indexed = index_programs() if changed else index_all()
        self.stdout.write(f"{indexed} programs indexed.")
