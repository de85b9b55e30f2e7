"""Checks that each serving process makes at its start: web, sockets, worker and beat.

Neither gunicorn nor daphne nor Celery runs Django's system checks by itself in a way that stops them.
"""

import logging
from concurrent.futures import ThreadPoolExecutor

from django.core import checks
from django.db import OperationalError, connection

from media_pipeline.services.sandbox import SandboxMissing, require_sandbox

logger = logging.getLogger(__name__)


class ServingRefused(Exception):
    """This installation lacks what it must not serve without. gunicorn ends at it; after SystemExit it would start the worker again."""


def refuse_unprepared() -> None:
    """Raise ServingRefused where triggers do not bind the application's role in the database (`lms.checks`), or where
    certificates would be signed with demo keys or not at all (`certificates.checks`).

    The error says what is missing. An unreachable database does not prevent the start: pages wait for it as
    always, and signing itself refuses demo keys too.
    """
    # A thread of its own: uvicorn imports the application inside its event loop, where Django refuses a query.
    with ThreadPoolExecutor(max_workers=1) as thread:
        problems = thread.submit(_problems).result()
    if problems:
        raise ServingRefused("\n".join(["This site refuses to serve:", *problems]))


def refuse_unsandboxed() -> None:
    """Raise ServingRefused where ffmpeg cannot be sandboxed. For processes that run it on uploaded files and streams."""
    try:
        require_sandbox()
    except SandboxMissing as missing:
        raise ServingRefused(f"This process refuses to start:\n{missing}") from missing


def _problems() -> list[str]:
    try:
        found = checks.run_checks(
            tags=["keys", "role"], include_deployment_checks=True, databases=["default"]
        )
    except OperationalError as error:
        logger.warning(
            "The keys of certificates and the role in the database could not be checked: %s", error
        )
        return []
    finally:
        connection.close()
        # A worker forks next, and the threads of a pool do not survive a fork.
        connection.close_pool()  # type: ignore[attr-defined]  # PostgreSQL's own
    return [str(problem) for problem in found]
