"""The messages for workers: delivered when an act of the world delivers them, late, twice, out of order or never."""

import random
from collections import Counter
from collections.abc import Sequence
from typing import Any

from django.db import connection

from accounts.sms import SmsGateway
from lms.celery import app
from scripts.world.outermost import as_outermost

# Tasks of programs that the world does not start: ffmpeg, a bucket, a gateway of short messages, peers of keys.
LEFT_OUT = ("media_pipeline.", "live.", "insights.")
# A history that queues more than this delivers the oldest first.
MOST_WAITING = 200

type Message = tuple[str, tuple[Any, ...]]


class Mailbox:
    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.waiting: list[Message] = []
        self.fates: Counter[str] = Counter()
        # Short messages: the number, and the text.
        self.sent: list[tuple[str, str]] = []
        app.loader.import_default_modules()
        # The broker: nothing else of a message is replaced.
        app.send_task = self._take  # type: ignore[method-assign]
        SmsGateway.send = self._send  # type: ignore[method-assign, assignment]

    def _take(self, name: str, args: Sequence[Any] = (), **_options: Any) -> None:
        if not name.startswith(LEFT_OUT):
            self.waiting.append((name, tuple(args)))

    def _send(self, text: str, *, to: str, report_to: str = "") -> None:
        self.sent.append((to, text))

    def collect(self) -> None:
        """Take what the act just done sends after its commit. A history is one transaction, so its commit never comes."""
        callbacks, connection.run_on_commit = connection.run_on_commit, []
        for entry in callbacks:
            entry[1]()
        del self.waiting[:-MOST_WAITING]

    def deliver(self, task: str = "") -> str | None:
        """Deliver one message (of this task) by the lot that it draws; the name of its task, None where none waits."""
        places = [place for place, message in enumerate(self.waiting) if message[0].endswith(task)]
        if not places:
            return None
        place = self.chance.choice(places)
        name, args = message = self.waiting.pop(place)
        fate = self.chance.choices(("once", "twice", "lost", "later"), weights=(80, 10, 5, 5))[0]
        self.fates[fate] += 1
        if fate == "later":
            self.waiting.append(message)
        for _time in range({"once": 1, "twice": 2}.get(fate, 0)):
            run(name, args)
        return name


def run(name: str, args: Sequence[Any] = ()) -> None:
    """The body of a task, as a worker runs it."""
    with as_outermost():
        app.tasks[name].run(*args)
