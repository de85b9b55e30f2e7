"""Two connections, each in a thread of its own; one can be stopped at a lock."""

import re
import traceback
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import ExitStack
from dataclasses import dataclass, field
from threading import Event
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import connection

from accounts.errors import DomainError
from scripts.world.pairs.registry import Act

LOCKS = re.compile(
    r'(INSERT INTO|UPDATE|DELETE FROM) "?(\w+)|\bFOR (?:NO KEY )?(?:UPDATE|SHARE)\b|pg_(?:try_)?advisory',
    re.IGNORECASE,
)
FIRST_TABLE = re.compile(r'\bFROM "(\w+)"')
ERROR = "error: "
PATIENCE = 60


@dataclass(frozen=True)
class Stop:
    """Before or after a statement that locks, counted from 0."""

    number: int
    is_after: bool
    statement: str

    def __str__(self) -> str:
        return f"{'after' if self.is_after else 'before'} {self.statement} ({self.number})"


@dataclass
class Statements:
    """Around each statement of an act: notes where it can be stopped, and stops it at one place."""

    at: Stop | None = None
    stops: list[Stop] = field(default_factory=list)
    reached: Event = field(default_factory=Event)
    go_on: Event = field(default_factory=Event)
    _locks: int = 0
    _has_read: bool = True

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:  # noqa: FBT001 - as Django calls it
        if not (named := _lock_of(sql)):
            self._has_read = True
            return execute(sql, params, many, context)
        number, self._locks = self._locks, self._locks + 1
        # Else the same place as after the lock before.
        if self._has_read:
            self._pass(Stop(number, is_after=False, statement=named))
        result = execute(sql, params, many, context)
        self._has_read = False
        self._pass(Stop(number, is_after=True, statement=named))
        return result

    def _pass(self, stop: Stop) -> None:
        self.stops.append(stop)
        if stop == self.at:
            self.reached.set()
            self.go_on.wait(PATIENCE)


def _lock_of(sql: str) -> str:
    if not (found := LOCKS.search(sql)):
        return ""
    if found[1]:
        return f"{found[1]} {found[2]}"
    table = FIRST_TABLE.search(sql)
    return f"{found[0]} {table[1] if table else ''}".strip()


class Connection:
    """A thread with a connection of its own. Acts are done in it, one after the other."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(max_workers=1)
        self.pid: int = self._thread.submit(_connect).result()

    def start(self, act: Act, statements: Statements) -> Future[str]:
        return self._thread.submit(_result, act, statements)

    def close(self) -> None:
        self._thread.submit(lambda: connection.close()).result()  # noqa: PLW0108 - of that thread
        self._thread.shutdown()


def _connect() -> int:
    connection.ensure_connection()
    return int(connection.connection.info.backend_pid)


def _result(act: Act, statements: Statements) -> str:
    """What became of an act: done, the code of a refusal, or an error."""
    try:
        with connection.execute_wrapper(statements):
            act()
    except DomainError as refusal:
        return refusal.code
    except PermissionDenied:
        return "not allowed"
    except Exception as error:  # noqa: BLE001 - every error is a finding
        return f"{ERROR}{type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''} {_where(error)}"
    finally:
        # Where it failed before it came to the stop.
        statements.reached.set()
    return "done"


def _where(error: Exception) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if "/services/" in frame.filename and ".venv" not in frame.filename]
    return f"({ours[-1].name}, line {ours[-1].lineno})" if ours else ""


def in_turn(
    connections: tuple[Connection, Connection], acts: tuple[Act, Act]
) -> tuple[tuple[str, str], list[Stop]]:
    """The results of the first act and then the second one, and where the first one can be stopped."""
    statements = Statements()
    first = connections[0].start(acts[0], statements).result(PATIENCE)
    second = connections[1].start(acts[1], Statements()).result(PATIENCE)
    return (first, second), statements.stops


def stopped(connections: tuple[Connection, Connection], acts: tuple[Act, Act], at: Stop) -> tuple[str, str]:
    """The results where the first act stops, the second one goes as far as it can, and then the first one goes on."""
    statements = Statements(at)
    with ExitStack() as released:
        released.callback(statements.go_on.set)
        first = connections[0].start(acts[0], statements)
        statements.reached.wait(PATIENCE)
        second = connections[1].start(acts[1], Statements())
        while not wait([second], timeout=0.002).done and not _waits(connections[1].pid):
            pass
    return first.result(PATIENCE), second.result(PATIENCE)


def _waits(pid: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT cardinality(pg_blocking_pids(%s)) > 0", [pid])
        return bool(cursor.fetchone()[0])
