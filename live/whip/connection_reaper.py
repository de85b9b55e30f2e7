"""Ends connections at the media server that have to end: of whoever was sent out, withdrew, was deactivated or left.

Looks every second while this process has rooms or anybody is connected. The rows say what has to end, and were written
with whatever ended it; a process that dies leaves them to the next one.
"""

import asyncio
import logging

from django.db import Error as DatabaseError

from live.media_servers import media_backend
from live.models import MediaConnection
from live.server.event_gateway import event_gateway, in_database
from live.whip.exchange import the_media_server
from live.whip.media_connections import end_stale_connections, lease_ended_connections, mark_closed

logger = logging.getLogger(__name__)

LOOK_SECONDS = 1.0


class ConnectionReaper:
    def __init__(self) -> None:
        self._task: asyncio.Task[None] | None = None
        self._is_asked = False
        self._ending: set[asyncio.Task[None]] = set()

    def start(self) -> None:
        """Look once more at least from now on, where classes go by a media server."""
        self._is_asked = True
        loop = asyncio.get_running_loop()
        is_running = self._task and not self._task.done() and self._task.get_loop() is loop
        if media_backend().takes_offers and not is_running:
            self._task = loop.create_task(self._run())

    async def _run(self) -> None:
        has_connections = True
        # A connection made since the last look may be all there is: its class can be over and its room empty by now.
        while has_connections or self._is_asked or event_gateway.hub().rooms:
            self._is_asked = False
            try:
                has_connections = await in_database(end_stale_connections)()
                for connection in await in_database(lease_ended_connections)() if has_connections else ():
                    # One that is slow keeps nobody else.
                    task = asyncio.ensure_future(end_connection(connection))
                    self._ending.add(task)
                    task.add_done_callback(self._ending.discard)
            except DatabaseError:
                logger.warning(
                    "Connections to the media server cannot be looked after just now.", exc_info=True
                )
            await asyncio.sleep(LOOK_SECONDS)


async def end_connection(connection: MediaConnection) -> None:
    """Tell the media server that a leg has ended; where it does not hear, it is told again."""
    try:
        # Of a media server that was used before, nothing is told: what is left there ends by its own clock.
        if not media_backend().takes_offers or await the_media_server().hang_up(connection.resource):
            await in_database(mark_closed)(connection=connection)
    except DatabaseError:
        logger.warning("The end of a connection is not noted; it is ended once more.")


connection_reaper = ConnectionReaper()
