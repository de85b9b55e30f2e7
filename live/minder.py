"""Ends connections at the media server that have to end: of whoever was sent out, withdrew, was deactivated or left.

Looks every second while this process has rooms or anybody is connected. The rows say what has to end, and were written
with whatever ended it; a process that dies leaves them to the next one.
"""

import asyncio
import logging

from django.db import Error as DatabaseError

from live.backends import media_backend
from live.models import MediaLeg
from live.services.legs import claim_ended_legs, close_leg, sort_out_legs
from live.switchboard import in_database, switchboard

logger = logging.getLogger(__name__)

LOOK_SECONDS = 1.0


class Minder:
    def __init__(self) -> None:
        self._task: asyncio.Task[None] | None = None
        self._is_wound = False
        self._ending: set[asyncio.Task[None]] = set()

    def wind(self) -> None:
        """Look once more at least from now on, where classes go by a media server."""
        self._is_wound = True
        loop = asyncio.get_running_loop()
        is_running = self._task and not self._task.done() and self._task.get_loop() is loop
        if media_backend().takes_offers and not is_running:
            self._task = loop.create_task(self._run())

    async def _run(self) -> None:
        has_legs = True
        # A connection made since the last look may be all there is: its class can be over and its room empty by now.
        while has_legs or self._is_wound or switchboard.hub().rooms:
            self._is_wound = False
            try:
                has_legs = await in_database(sort_out_legs)()
                for leg in await in_database(claim_ended_legs)() if has_legs else ():
                    # One that is slow keeps nobody else.
                    task = asyncio.ensure_future(let_go(leg))
                    self._ending.add(task)
                    task.add_done_callback(self._ending.discard)
            except DatabaseError:
                logger.warning("Connections to the media server cannot be minded just now.", exc_info=True)
            await asyncio.sleep(LOOK_SECONDS)


async def let_go(leg: MediaLeg) -> None:
    """Tell the media server that a leg has ended; where it does not hear, it is told again."""
    try:
        if await media_backend().hang_up(leg.resource):
            await in_database(close_leg)(leg=leg)
    except DatabaseError:
        logger.warning("The end of a connection is not noted; it is ended once more.")


minder = Minder()
