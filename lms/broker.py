"""The broker of the embedded mode: kombu's filesystem transport with atomic writes.

kombu writes a message in the folder where it is read, so a full disk or a power cut leaves an empty or truncated file,
and reading it ends the worker. A message only refers to a row, and recovery dispatches that again, so an unreadable one is skipped.
"""

import logging
import uuid
from json import dumps
from pathlib import Path
from time import monotonic_ns
from typing import Any

from kombu.exceptions import ChannelError
from kombu.transport import filesystem

logger = logging.getLogger(__name__)


class Channel(filesystem.Channel):
    # kombu names the message differently in its own two classes.
    def _put(self, queue: str, message: dict[str, Any], **_: Any) -> None:  # type: ignore[override]
        folder = Path(self.data_folder_out)
        name = f"{monotonic_ns() // 1_000_000}_{uuid.uuid4()}.{queue}.msg"
        # Readers ignore this suffix.
        part = folder / f"part.{name}"
        try:
            part.write_bytes(dumps(message).encode())
            part.rename(folder / name)
        except OSError as error:
            part.unlink(missing_ok=True)
            raise ChannelError(f"Cannot write {name} ({error})") from error

    def _get(self, queue: str, timeout: float | None = None) -> dict[str, Any]:
        while True:
            try:
                return super()._get(queue)
            except ValueError:
                # kombu took it out of the folder before it read it.
                logger.warning("A message that could not be read was left out of the queue %s.", queue)

    def get_table(self, exchange: str) -> list[Any]:
        try:
            return super().get_table(exchange)
        except (ValueError, TypeError):
            self._set_aside(exchange)
            return []

    def _queue_bind(self, exchange: str, routing_key: str, pattern: str, queue: str) -> None:
        try:
            super()._queue_bind(exchange, routing_key, pattern, queue)
        except (ValueError, TypeError):
            self._set_aside(exchange)
            super()._queue_bind(exchange, routing_key, pattern, queue)

    def _delete(
        self, queue: str, exchange: str, routing_key: str, pattern: str, *args: Any, **facts: Any
    ) -> None:
        try:
            super()._delete(queue, exchange, routing_key, pattern, *args, **facts)
        except (ValueError, TypeError):
            self._set_aside(exchange)

    def _set_aside(self, exchange: str) -> None:
        """Rename an unreadable table of queues: workers write it again when they start and when they bind."""
        file = self._exchange_file(exchange)
        file.replace(file.with_suffix(".unreadable"))
        logger.warning("%s could not be read and was set aside.", file)


class Transport(filesystem.Transport):
    Channel = Channel
