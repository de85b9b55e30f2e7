"""The scheduler of a web process: asks due presence checks, closes due groups and ends lost voices.

Web processes with sockets run it, not workers, which may encode a video for minutes. Each tries every two seconds; a row
lock lets one of them proceed (ADR 0017).
"""

import asyncio
import logging

from django.db import Error as DatabaseError

from live.server.event_gateway import event_gateway, in_database
from live.services.groups import close_due_groups
from live.services.presence_checks import ask_due_checks
from live.services.voice import end_lost_voices

logger = logging.getLogger(__name__)

TICK_SECONDS = 2.0


class Scheduler:
    def __init__(self) -> None:
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Run until the last socket of this process has closed."""
        loop = asyncio.get_running_loop()
        if self._task is None or self._task.done() or self._task.get_loop() is not loop:
            self._task = loop.create_task(self._run())

    async def _run(self) -> None:
        while event_gateway.hub().rooms:
            try:
                await in_database(ask_due_checks)()
                await in_database(close_due_groups)()
                await in_database(end_lost_voices)()
            except DatabaseError:
                logger.warning("Due work of live rooms failed; the next tick tries again.", exc_info=True)
            await asyncio.sleep(TICK_SECONDS)


scheduler = Scheduler()
