"""The connection reaper: ends connections at the media server of people who were sent out, withdrew, were deactivated or left.

It looks every second while this process has rooms or connections are open. Rows mark what has to end, written in the
transaction of its cause; if a process dies, another one continues.
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
        """Run at least one more round, if classes use a media server."""
        self._is_asked = True
        loop = asyncio.get_running_loop()
        is_running = self._task and not self._task.done() and self._task.get_loop() is loop
        if media_backend().takes_offers and not is_running:
            self._task = loop.create_task(self._run())

    async def _run(self) -> None:
        has_connections = True
        # A connection made since the last round counts too, even if its class is over and its room empty.
        while has_connections or self._is_asked or event_gateway.hub().rooms:
            self._is_asked = False
            try:
                has_connections = await in_database(end_stale_connections)()
                for connection in await in_database(lease_ended_connections)() if has_connections else ():
                    # A slow one does not delay the others.
                    task = asyncio.ensure_future(end_connection(connection))
                    self._ending.add(task)
                    task.add_done_callback(self._ending.discard)
            except DatabaseError:
                logger.warning(
                    "Connections to the media server cannot be checked; the next round tries again.",
                    exc_info=True,
                )
            await asyncio.sleep(LOOK_SECONDS)


async def end_connection(connection: MediaConnection) -> None:
    """Delete a connection at the media server; a failed request is repeated later."""
    try:
        # A media server that was configured before is not called: connections left there time out.
        if not media_backend().takes_offers or await the_media_server().hang_up(connection.resource):
            await in_database(mark_closed)(connection=connection)
    except DatabaseError:
        logger.warning("The end of a connection could not be stored; it is ended again.")


connection_reaper = ConnectionReaper()
