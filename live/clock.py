"""The clock of the rooms a process serves: it asks presence checks and closes groups whose moment has come.

The processes that hold the sockets ask, not a worker: a worker may be busy with a film for minutes, and a check nobody
hears is a check nobody can answer. Each of them tries every two seconds; a row lock lets one through (ADR 0017).
"""

import asyncio
import logging

from django.db import Error as DatabaseError

from live.services.checks import ask_due_checks
from live.services.groups import close_due_groups
from live.services.voice import end_lost_voices
from live.switchboard import in_database, switchboard

logger = logging.getLogger(__name__)

TICK_SECONDS = 2.0


class Clock:
    def __init__(self) -> None:
        self._task: asyncio.Task[None] | None = None

    def wind(self) -> None:
        """Run until the last socket of this process has left."""
        loop = asyncio.get_running_loop()
        if self._task is None or self._task.done() or self._task.get_loop() is not loop:
            self._task = loop.create_task(self._run())

    async def _run(self) -> None:
        while switchboard.hub().rooms:
            try:
                await in_database(ask_due_checks)()
                await in_database(close_due_groups)()
                await in_database(end_lost_voices)()
            except DatabaseError:
                logger.warning("What is due in live rooms could not be done just now.", exc_info=True)
            await asyncio.sleep(TICK_SECONDS)


clock = Clock()
