"""What central tables said before each thing was declared once, at its feature: the declarations say the same.

The files in `tables-before/` were written from those tables and do not change. What came later is not in them.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path

from celery import Task

from accounts.errors import DomainError
from accounts.services.founding import SiteHasOfficers
from jobs.declaring import Rhythm, schedule

BEFORE = Path(__file__).with_name("tables-before")


def below(kind: type[DomainError]) -> Iterator[type[DomainError]]:
    for subclass in kind.__subclasses__():
        yield subclass
        yield from below(subclass)


def test_every_refusal_has_the_code_it_had(tasks: Mapping[str, Task]):
    """A line is a class and its code, which programs and stored rows know."""
    codes = {kind.code for kind in below(DomainError)} | {SiteHasOfficers.code}
    before = [line.split()[1] for line in (BEFORE / "refusals.txt").read_text().splitlines()]

    assert set(before) - codes == set()


def in_words(rhythm: Rhythm) -> str:
    return str(float(rhythm)) if isinstance(rhythm, int) else str(rhythm)


def test_every_task_has_the_queue_and_the_rhythm_it_had(tasks: Mapping[str, Task]):
    """A line is the name of a task, its queue, and each of its rhythms with the seconds after which a run is dropped."""
    entries = schedule(tasks).values()
    lines = []
    for name, task in tasks.items():
        rhythms = sorted(
            f"{in_words(entry['schedule'])} {entry.get('options', {}).get('expires', '')}".strip()
            for entry in entries
            if entry["task"] == name
        )
        lines.append(" | ".join([name, str(getattr(task, "queue_name", "")), *rhythms]))

    assert set((BEFORE / "tasks.txt").read_text().splitlines()) - set(lines) == set()
