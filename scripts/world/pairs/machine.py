"""Runs pairs: in both orders, and stopped at each lock."""

from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any

from django.core.cache import caches

from lms.celery import app
from scripts.world.database import of_the_world
from scripts.world.mailbox import LEFT_OUT, Message, run
from scripts.world.pairs.connections import ERROR, Connection, in_turn, stopped
from scripts.world.pairs.outcomes import (
    Column,
    Outcome,
    difference,
    kept_as_set_up,
    noise_between,
    read_and_restore,
)
from scripts.world.pairs.registry import Act, Pair

# What is drawn takes a second.
DRAWN = ("certificates.render",)


@dataclass
class Report:
    stops: Counter[str] = field(default_factory=Counter)
    results: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    violations: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


def judge(pairs: Iterable[Pair], report: Report) -> Report:
    """All in one database: what a process remembers of a row, it remembers by its key, and no key comes twice there."""
    with of_the_world(), Messages() as messages, ExitStack() as closing:
        connections = Connection(), Connection()
        for one in connections:
            closing.callback(one.close)
        for pair in pairs:
            acts = pair.set_up()
            messages.waiting.clear()
            with kept_as_set_up():
                _judge(pair, acts, connections, messages, report)
    return report


def _judge(
    pair: Pair,
    acts: tuple[Act, Act],
    connections: tuple[Connection, Connection],
    messages: "Messages",
    report: Report,
) -> None:
    orders = [acts, acts[::-1]]
    serial, noise, stops = [], set[Column](), []
    for number, order in enumerate(orders):
        runs = []
        for _time in range(2):
            results, found = in_turn(connections, order)
            runs.append(_read(results, number, messages))
        serial.append(runs[0])
        noise |= set(noise_between(*runs))
        stops.append(found)
    allowed = [one.compared(frozenset(noise)) for one in serial]
    report.results[pair.name] = [one.results for one in serial]
    for one in serial:
        report.errors += [f"{pair.name}, in turn: {text}" for text in one.results if text.startswith(ERROR)]
    for number, order in enumerate(orders):
        for stop in stops[number]:
            report.stops[pair.name] += 1
            outcome = _read(stopped(connections, order, stop), number, messages)
            where = f"{pair.name}, act {number + 1} stopped {stop}"
            report.errors += [f"{where}: {text}" for text in outcome.results if text.startswith(ERROR)]
            if (found := outcome.compared(frozenset(noise))) not in allowed:
                report.violations.append(f"{where}:\n{_told(found, allowed)}")


def _read(results: tuple[str, str], number: int, messages: "Messages") -> Outcome:
    """The results in the order in which the pair names its acts."""
    messages.deliver()
    outcome = read_and_restore(results if number == 0 else results[::-1])
    for cache in caches.all():
        cache.clear()
    return outcome


def _told(found: Any, allowed: Sequence[Any]) -> str:
    lines = []
    for order, one in zip(("in this order", "in the other order"), allowed, strict=True):
        lines += [f"  not as {order}:", *(f"    {line}" for line in difference(found, one))]
    return "\n".join(lines)


class Messages:
    """What the acts send to workers: delivered once both are done."""

    def __init__(self) -> None:
        self.waiting: list[Message] = []

    def __enter__(self) -> "Messages":
        app.loader.import_default_modules()
        self._send = app.send_task
        app.send_task = self._take  # type: ignore[method-assign]
        return self

    def __exit__(self, *_error: object) -> None:
        app.send_task = self._send  # type: ignore[method-assign]

    def _take(self, name: str, args: Sequence[Any] = (), **_options: Any) -> None:
        if not name.startswith((*LEFT_OUT, *DRAWN)):
            self.waiting.append((name, tuple(args)))

    def deliver(self) -> None:
        while self.waiting:
            run(*self.waiting.pop(0))
