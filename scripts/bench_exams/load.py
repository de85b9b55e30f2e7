"""An exam of thousands: all start within a minute, change an answer each 15 seconds, and write in the last 10; servers are killed in the middle.

The generator is one process, which counts its own processor time. What it was told is saved is compared with what is there.
"""

import asyncio
import contextlib
import datetime as dt
import json
import os
import random
import resource
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import connection
from django.utils import timezone

from assessment.models import Answer, Attempt, ResponseEvent
from assessment.queries.questions import stored_questions
from assessment.services.freezing import freeze_questions
from lms.embedded.environment import ROOT
from lms.embedded.postgres import Postgres, recorded_pid
from scripts.bench_exams.world import QUESTIONS, Exam, Examinee
from scripts.bench_live.servers import wait_until_listening

# How long they write, and in which parts of it the servers are killed.
SECONDS = int(os.environ.get("SECONDS", "180"))
START_SECONDS = float(os.environ.get("START_SECONDS", "60"))
EACH_SECONDS = min(15.0, START_SECONDS)
LAST_SECONDS = 10.0
KILL_WEB_AT, KILL_DATABASE_AT = 0.3, 0.55
CONNECTIONS = 48
AGAIN_SECONDS = 1.0
LONGEST_WAIT = 20.0
SHUT_DOWN_SECONDS = 120.0


def right_option(exam: Exam) -> str:
    """Of the first question, which has options."""
    versions = [one.version for one in freeze_questions({"ar": exam.quiz}, language="ar")]
    option: str = stored_questions(versions)[0].content["options"][0]["id"]
    return option


def response_to(kind: str, content: dict[str, Any], chance: random.Random) -> Any:
    """Something that can be answered to a question."""
    match kind:
        case "single" | "true_false":
            return chance.choice(content["options"])["id"]
        case "multiple":
            return sorted(one["id"] for one in chance.sample(content["options"], 2))
        case "numeric":
            return str(chance.randrange(1000))
        case "matching":
            return {stem["id"]: chance.choice(content["choices"])["id"] for stem in content["stems"]}
        case _:
            return f"كلمة {chance.randrange(1000)}"


@dataclass
class Told:
    """What the servers said to one examinee, and what is not answered yet."""

    person: Examinee
    path: str = ""
    seq: int = 0
    sent: dict[int, tuple[int, Any]] = field(default_factory=dict)
    saved: set[int] = field(default_factory=set)
    refused: set[int] = field(default_factory=set)


class Line:
    """Connections to the site that are used again and again, as a proxy in front of it keeps them."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.free: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []
        self.places = asyncio.Semaphore(CONNECTIONS)

    async def post(self, path: str, person: Examinee, body: bytes) -> tuple[int, dict[str, str], bytes]:
        async with self.places:
            reader, writer = (
                self.free.pop() if self.free else await asyncio.open_connection("127.0.0.1", self.port)
            )
            try:
                answer = await asyncio.wait_for(self._asked(reader, writer, path, person, body), LONGEST_WAIT)
            except BaseException:
                writer.close()
                raise
            self.free.append((reader, writer))
            return answer

    async def _asked(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        path: str,
        person: Examinee,
        body: bytes,
    ) -> tuple[int, dict[str, str], bytes]:
        head = (
            f"POST {path} HTTP/1.1\r\nHost: localhost:{self.port}\r\nCookie: {person.cookie}\r\nX-CSRFToken: {person.token}\r\n"
            f"Content-Type: application/json\r\nAccept: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        writer.write(head.encode() + body)
        first = await reader.readline()
        if not first:
            raise ConnectionResetError
        headers: dict[str, str] = {}
        while (row := await reader.readline()) not in (b"\r\n", b""):
            name, _colon, value = row.decode().partition(":")
            headers[name.lower()] = value.strip()
        text = await reader.readexactly(int(headers.get("content-length", "0")))
        return int(first.split()[1]), headers, text


class Run:
    """One exam, as its generator sees it."""

    def __init__(self, exam: Exam, port: int) -> None:
        self.exam = exam
        self.line = Line(port)
        self.told = [Told(person) for person in exam.examinees[:-1]]
        versions = [one.version for one in freeze_questions({"ar": exam.quiz}, language="ar")]
        self.questions = [(one.kind.value, dict(one.content)) for one in stored_questions(versions)]
        self.waits: list[tuple[float, float]] = []
        self.outages: list[tuple[float, float]] = []
        self.last_saved = 0.0

    async def start(self, told: Told) -> None:
        while not told.path:
            try:
                status, headers, _text = await self.line.post(self.exam.start, told.person, b"")
            except (OSError, TimeoutError, asyncio.IncompleteReadError):
                await asyncio.sleep(AGAIN_SECONDS)
                continue
            if status == 302 and "/attempts/" in headers["location"]:
                told.path = f"{headers['location']}changes/"
            else:
                await asyncio.sleep(AGAIN_SECONDS)

    async def change(self, told: Told, chance: random.Random) -> None:
        """Change one answer, and send all that waits until it has its receipt."""
        told.seq += 1
        slot = chance.randrange(QUESTIONS)
        told.sent[told.seq] = (slot, response_to(*self.questions[slot], chance))
        own = told.seq
        first = True
        while own not in told.saved and own not in told.refused:
            begun = time.monotonic()
            waiting = sorted(told.sent.keys() - told.saved - told.refused)[:100]
            changes = [
                {"seq": seq, "slot": told.sent[seq][0], "response": told.sent[seq][1]} for seq in waiting
            ]
            body = json.dumps({"epoch": 1, "changes": changes}).encode()
            try:
                status, _headers, text = await self.line.post(told.path, told.person, body)
            except (OSError, TimeoutError, asyncio.IncompleteReadError):
                status, text = 0, b""
            if status == 200:
                told.saved |= set(json.loads(text)["saved"])
                self.last_saved = time.monotonic()
                self.waits.append((begun, self.last_saved - begun if first else -1.0))
            elif status == 409:
                told.refused |= set(waiting)
            else:
                first = False
                await asyncio.sleep(AGAIN_SECONDS * chance.uniform(0.5, 1.5))

    async def examinee(self, told: Told, number: int, *, begin: float, last: float) -> None:
        chance = random.Random(number)  # noqa: S311 - the same exam each time
        await asyncio.sleep(max(0.0, begin + START_SECONDS * number / len(self.told) - time.monotonic()))
        await self.start(told)
        await asyncio.sleep(chance.uniform(0, EACH_SECONDS))
        while time.monotonic() < last:
            begun = time.monotonic()
            await self.change(told, chance)
            await asyncio.sleep(max(0.0, begun + EACH_SECONDS - time.monotonic()))
        await asyncio.sleep(max(0.0, last + chance.uniform(0, LAST_SECONDS - 2) - time.monotonic()))
        await self.change(told, chance)

    async def all(self, site: "Site", postgres: Postgres) -> None:
        begin = time.monotonic()
        last = begin + START_SECONDS + SECONDS
        faults = asyncio.create_task(self.faults(site, postgres, begin=begin + START_SECONDS))
        await asyncio.gather(
            *(
                self.examinee(told, number, begin=begin, last=last)
                for number, told in enumerate(self.told, start=1)
            )
        )
        await faults

    async def faults(self, site: "Site", postgres: Postgres, *, begin: float) -> None:
        await asyncio.sleep(max(0.0, begin + KILL_WEB_AT * SECONDS - time.monotonic()))
        await self.outage(lambda: asyncio.to_thread(site.kill_and_start))
        await asyncio.sleep(max(0.0, begin + KILL_DATABASE_AT * SECONDS - time.monotonic()))
        await self.outage(lambda: asyncio.to_thread(kill_and_revive, postgres))

    async def outage(self, act: Any) -> None:
        begun = time.monotonic()
        await act()
        acted = time.monotonic()
        while self.last_saved < acted:  # noqa: ASYNC110 - a clock is looked at, nothing is told
            await asyncio.sleep(0.1)
        # Until no one waits for what was sent in it, and the pauses before another try are over.
        self.outages.append((begun, self.last_saved))

    def p95_ms(self) -> float | None:
        """Of the receipts of what was sent at its first try, outside the outages and the ten seconds after each. None where
        fewer than two are left.
        """
        calm = [
            wait
            for begun, wait in self.waits
            if wait >= 0 and not any(begun < end + 10 and begun + wait > start for start, end in self.outages)
        ]
        return round(statistics.quantiles(calm, n=20)[-1] * 1000, 1) if len(calm) > 1 else None


class Site:
    """The site on gunicorn as docker-compose.yml starts it, which can be killed with all its workers."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.process = self._started()

    def _started(self) -> subprocess.Popen[bytes]:
        command = [
            sys.executable, "-m", "gunicorn", "lms.wsgi", "--bind", f"127.0.0.1:{self.port}", "--worker-class", "gthread", "--workers", "2",
            "--threads", "4", "--keep-alive", "75", "--timeout", "120", "--log-level", "critical",
        ]  # fmt: skip
        process = subprocess.Popen(command, cwd=ROOT, start_new_session=True)
        wait_until_listening(process, self.port)
        return process

    def kill_and_start(self) -> None:
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.process = self._started()

    def cpu_seconds(self) -> float:
        return sum(_cpu_seconds(pid) for pid in _family(self.process.pid))

    def stop(self) -> None:
        os.killpg(self.process.pid, signal.SIGTERM)
        self.process.wait()


def _family(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *map(int, children)]


def _cpu_seconds(pid: int) -> float:
    threads = Path(f"/proc/{pid}/task").glob("*/schedstat")
    return sum(int(thread.read_text().split()[0]) for thread in threads) / 1e9


def kill_and_revive(postgres: Postgres) -> None:
    """As a machine that loses power and comes back: PostgreSQL replays its log."""
    pid = recorded_pid(postgres.home.data)
    if pid is None:
        raise RuntimeError("the database does not run")
    os.kill(pid, signal.SIGKILL)
    time.sleep(2)
    postgres.revive()


@contextmanager
def workers() -> Iterator[None]:
    """The worker and the scheduler that close what ran out."""
    celery = [sys.executable, "-W", "ignore::UserWarning", "-m", "celery", "--app", "lms", "--quiet"]
    commands = (
        [*celery, "worker", "--loglevel", "ERROR", "--queues", "default", "--concurrency", "2"],
        [*celery, "beat", "--loglevel", "ERROR", "--pidfile", ""],
    )
    processes = [subprocess.Popen(command, cwd=ROOT, start_new_session=True) for command in commands]
    try:
        yield
    finally:
        for process in processes:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def run(exam: Exam, *, postgres: Postgres, port: int) -> dict[str, Any]:
    """The figures of one exam; `faults` says what was lost, in words."""
    with ExitStack() as stack:
        site = Site(port)
        stack.callback(site.stop)
        stack.enter_context(workers())
        one = Run(exam, port)
        # Its connection does not outlive the kill of the database.
        connection.close()
        closes_at = timezone.now() + dt.timedelta(seconds=START_SECONDS + SECONDS + LAST_SECONDS + 5)
        stopper = stack.enter_context(_closing_at(closes_at, exam))
        before = resource.getrusage(resource.RUSAGE_SELF)
        asyncio.run(one.all(site, postgres))
        after = resource.getrusage(resource.RUSAGE_SELF)
        site_cpu = site.cpu_seconds()
        stopper.wait()
        close_seconds = _until_closed(exam, closes_at)
    return {**_compared(one), "close_s": close_seconds} | {
        "examinees": len(one.told),
        "ack_p95_ms": one.p95_ms(),
        "outages_s": [round(end - start, 1) for start, end in one.outages],
        "saves": len(one.waits),
        "generator_cpu_s": round(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, 1),
        "site_cpu_s_since_its_last_start": round(site_cpu, 1),
    }


@contextmanager
def _closing_at(closes_at: dt.datetime, exam: Exam) -> Iterator[subprocess.Popen[bytes]]:
    """One end for the whole room: written again and again while people start, by a process of its own."""
    script = (
        "import datetime as dt, sys, time, django; django.setup()\n"
        "from django.db import close_old_connections, DatabaseError\n"
        "from assessment.models import Attempt\n"
        "end = dt.datetime.fromisoformat(sys.argv[1])\n"
        "while dt.datetime.now(dt.UTC) < end:\n"
        "    try:\n"
        "        Attempt.objects.filter(quiz_key=sys.argv[2], state='open').exclude(closes_at=end).update(closes_at=end)\n"
        "    except DatabaseError:\n"
        "        close_old_connections()\n"
        "    time.sleep(5)\n"
    )
    command = [sys.executable, "-c", script, closes_at.isoformat(), str(exam.quiz.translation_key)]
    process = subprocess.Popen(command, cwd=ROOT)
    try:
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        process.wait()


def _until_closed(exam: Exam, closes_at: dt.datetime) -> float:
    """Seconds from the end of the time, grace included, until all are marked."""
    attempts = Attempt.objects.filter(quiz_key=exam.quiz.translation_key)
    end = closes_at + dt.timedelta(seconds=exam.quiz.grace_seconds)
    while attempts.filter(state="open").exists():
        if (timezone.now() - end).total_seconds() > SHUT_DOWN_SECONDS:
            return float("inf")
        time.sleep(0.5)
    last = attempts.order_by("-marked_at").values_list("marked_at", flat=True).first() or end
    return round(max(0.0, (last - end).total_seconds()), 1)


def _compared(one: Run) -> dict[str, Any]:
    """What was said to be saved, next to what is there and was marked."""
    lost = doubled = mismarked = 0
    attempts = dict(
        Attempt.objects.filter(quiz_key=one.exam.quiz.translation_key).values_list("enrollment", "pk")
    )
    events: dict[int, list[tuple[int, int, Any]]] = {pk: [] for pk in attempts.values()}
    rows = ResponseEvent.objects.filter(attempt__in=attempts.values())
    for attempt, seq, slot, response in rows.values_list("attempt", "seq", "slot", "response").iterator():
        events[attempt].append((seq, slot, response))
    marked: dict[int, dict[int, Any]] = {pk: {} for pk in attempts.values()}
    for attempt, slot, response in Answer.objects.filter(attempt__in=attempts.values()).values_list(
        "attempt", "slot", "response"
    ):
        marked[attempt][slot] = response
    for told in one.told:
        pk = attempts.get(told.person.enrollment)
        found = {seq: (slot, response) for seq, slot, response in events.get(pk or 0, [])}
        lost += sum(found.get(seq) != told.sent[seq] for seq in told.saved)
        doubled += len(events.get(pk or 0, [])) - len(found)
        doubled += sum(seq in found for seq in told.refused)
        counted = {slot: response for _seq, (slot, response) in sorted(found.items())}
        mismarked += sum(marked.get(pk or 0, {}).get(slot) != answer for slot, answer in counted.items())
    return {
        "lost": lost,
        "doubled": doubled,
        "not_marked": mismarked,
        "refused": sum(len(told.refused) for told in one.told),
        "not_started": sum(not told.path for told in one.told),
        "faults": [
            name for name, count in (("lost", lost), ("doubled", doubled), ("not marked", mismarked)) if count
        ],
    }
