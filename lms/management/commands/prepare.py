"""``manage.py prepare``: runs all steps that are needed before processes of the site start."""

import shutil
from pathlib import Path

from django.conf import settings
from django.core.management import BaseCommand, CommandError, call_command
from django.db import connection

from accounts.services.audit_backfill import backfill_entries
from certificates.queries.keys import published_keys
from certificates.services.keys import make_demo_keys
from courses.services.front_page import open_front_page
from courses.services.info_pages import open_info_pages
from courses.services.search_index import index_programs
from lms.application_role import RoleError, ensure_role
from lms.generations import invalidate
from lms.owner import as_owner, is_another_role


class Command(BaseCommand):
    help = (
        "Bring the database and the static files up to date and say which mode each part of the site runs in."
    )

    def handle(self, **options: object) -> None:
        for part, mode in modes().items():
            self.stdout.write(f"{part:>8} | {mode}")
        # The folder of beat's schedule file, in every mode.
        Path(settings.CELERY_BEAT_SCHEDULE_FILENAME).parent.mkdir(parents=True, exist_ok=True)
        if is_another_role():
            prepare_role()
        call_command("migrate", interactive=False, verbosity=0)
        # Before anything is logged: an installation from before the trail brings its rows.
        backfill_entries()
        open_front_page()
        open_info_pages()
        # Programs of an installation from before the index, or whose marks wait.
        index_programs()
        if settings.ALLOW_DEMO_CERTIFICATES and not published_keys().exists():
            make_demo_keys()
        call_command("collectstatic", interactive=False, verbosity=0)
        # Of an earlier release, whose templates made other pages.
        invalidate()


def prepare_role() -> None:
    """Make the role of the application as DATABASE_URL names it."""
    login = settings.DATABASES["default"]
    with as_owner():
        connection.ensure_connection()
        try:
            ensure_role(connection.connection, name=login["USER"], password=login["PASSWORD"])
        except RoleError as error:
            raise CommandError(str(error)) from error


def modes() -> dict[str, str]:
    """Which of the two modes each part runs in, in words for the start-up log."""
    database = connection.settings_dict
    broker = settings.REDIS_URL.rpartition("@")[2]
    return {
        "database": f"PostgreSQL at {database['HOST']}:{database['PORT'] or 5432}, as {database['USER']}",
        "broker": f"Redis at {broker}" if broker else f"files in {settings.VAR_DIR / 'celery'}",
        "fan-out": f"hub in each process, woken by Redis at {broker}"
        if broker
        else "hub in the one web process",
        "files": f"files in {settings.PRIVATE_ROOT} and {settings.MEDIA_ROOT}",
        "ffmpeg": settings.FFMPEG_BINARY or shutil.which("ffmpeg") or "from the Python wheel",
    }
