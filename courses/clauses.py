"""The clauses of a rule: what it asks of the evidence of an enrollment.

Independent of Django. A rule stores its clauses as a list of objects, at most one of each kind, with only those that it asks for:

- `{"kind": "units"}`: every required unit.
- `{"kind": "attendance", "percent": 75}`: at least this share of the sessions.
- `{"kind": "hours", "hours": 120}`: at least so many hours in sessions.
- `{"kind": "score", "percent": 60, "attempts": "best", "tests": [{"unit", "titles", "weight", "minimum"}]}`: at least this mean
  score. Where tests are named, only they count, each with its weight, and each needs its minimum in percent. `attempts` says which
  of several attempts counts.
- `{"kind": "practice", "percent": 0, "tasks": [{"code", "titles"}]}`: every practical task passed before an assessor, and at least
  this mean score in them.

`titles` are by language code, as they were when the rule was written.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Any

Titles = Mapping[str, str]

MOST_HOURS = 5000
MOST_WEIGHT = 1000
MOST_TASKS = 50
_HUNDREDTH = Decimal("0.01")


class ClauseKind(StrEnum):
    UNITS = "units"
    ATTENDANCE = "attendance"
    HOURS = "hours"
    SCORE = "score"
    PRACTICE = "practice"


class CountedAttempt(StrEnum):
    """Which of a person's attempts at one test counts."""

    BEST = "best"
    LAST = "last"
    MEAN = "mean"


class InvalidClauses(ValueError):
    """The list is none that a rule may store; the text says where, for developers."""


@dataclass(frozen=True)
class Test:
    """A test that counts for the score: `unit` is its key as text, `weight` at least 1, `minimum` in percent."""

    # Not a class of tests.
    __test__ = False

    unit: str
    titles: Titles
    weight: int = 1
    minimum: int = 0


@dataclass(frozen=True)
class Score:
    """What is asked of tests. Without `tests`, every required test counts alike."""

    percent: int = 0
    attempts: CountedAttempt = CountedAttempt.BEST
    tests: tuple[Test, ...] = ()

    @property
    def is_asked(self) -> bool:
        return self.percent > 0 or any(test.minimum for test in self.tests)


@dataclass(frozen=True)
class Task:
    """A practical task; `code` names it in results."""

    code: str
    titles: Titles


@dataclass(frozen=True)
class Practice:
    percent: int = 0
    tasks: tuple[Task, ...] = ()

    @property
    def is_asked(self) -> bool:
        return self.percent > 0 or bool(self.tasks)


@dataclass(frozen=True)
class Clauses:
    """The clauses of one rule. `attendance` in percent; what is 0, empty or False is not asked."""

    units: bool = False
    attendance: int = 0
    hours: int = 0
    score: Score = field(default_factory=Score)
    practice: Practice = field(default_factory=Practice)

    @classmethod
    def from_list(cls, stored: Iterable[Mapping[str, Any]]) -> "Clauses":
        """Read a stored list. Raises `InvalidClauses`."""
        try:
            by_kind = {ClauseKind(one["kind"]): one for one in stored}
            return cls(
                units=ClauseKind.UNITS in by_kind,
                attendance=int(by_kind.get(ClauseKind.ATTENDANCE, {}).get("percent", 0)),
                hours=int(by_kind.get(ClauseKind.HOURS, {}).get("hours", 0)),
                score=_score(by_kind.get(ClauseKind.SCORE, {})),
                practice=_practice(by_kind.get(ClauseKind.PRACTICE, {})),
            )
        except (KeyError, TypeError, ValueError) as fault:
            raise InvalidClauses(str(fault)) from fault

    def as_list(self) -> list[dict[str, Any]]:
        """As a rule stores them; `from_list` reads the same back."""
        clauses: list[dict[str, Any]] = []
        if self.units:
            clauses.append({"kind": ClauseKind.UNITS.value})
        if self.attendance:
            clauses.append({"kind": ClauseKind.ATTENDANCE.value, "percent": self.attendance})
        if self.hours:
            clauses.append({"kind": ClauseKind.HOURS.value, "hours": self.hours})
        if self.score.is_asked:
            clauses.append(
                {
                    "kind": ClauseKind.SCORE.value,
                    "percent": self.score.percent,
                    "attempts": self.score.attempts.value,
                    "tests": [
                        {
                            "unit": test.unit,
                            "titles": dict(test.titles),
                            "weight": test.weight,
                            "minimum": test.minimum,
                        }
                        for test in self.score.tests
                    ],
                }
            )
        if self.practice.is_asked:
            clauses.append(
                {
                    "kind": ClauseKind.PRACTICE.value,
                    "percent": self.practice.percent,
                    "tasks": [
                        {"code": task.code, "titles": dict(task.titles)} for task in self.practice.tasks
                    ],
                }
            )
        return clauses

    def check(self) -> None:
        """Raise `InvalidClauses` where a number is out of its range, or a test or task is named twice."""
        score, practice = self.score, self.practice
        percents = [
            self.attendance,
            score.percent,
            practice.percent,
            *(test.minimum for test in score.tests),
        ]
        if not all(0 <= percent <= 100 for percent in percents):
            raise InvalidClauses("a percentage is from 0 to 100")
        if not 0 <= self.hours <= MOST_HOURS:
            raise InvalidClauses(f"hours are from 0 to {MOST_HOURS}")
        if not all(1 <= test.weight <= MOST_WEIGHT for test in score.tests):
            raise InvalidClauses(f"a weight is from 1 to {MOST_WEIGHT}")
        if len(practice.tasks) > MOST_TASKS:
            raise InvalidClauses(f"at most {MOST_TASKS} practical tasks")
        names = [test.unit for test in score.tests] + [task.code for task in practice.tasks]
        if len(set(names)) != len(names) or not all(names):
            raise InvalidClauses("a test or a practical task is named twice, or has no name")


def counted(scores: Iterable[Decimal], attempts: CountedAttempt) -> Decimal | None:
    """The score that counts, in percent, of the attempts' scores in the order of time; None without an attempt."""
    marks = list(scores)
    if not marks:
        return None
    match attempts:
        case CountedAttempt.BEST:
            return max(marks)
        case CountedAttempt.LAST:
            return marks[-1]
        case CountedAttempt.MEAN:
            return (sum(marks, Decimal(0)) / len(marks)).quantize(_HUNDREDTH, ROUND_HALF_UP)


def _score(stored: Mapping[str, Any]) -> Score:
    return Score(
        percent=int(stored.get("percent", 0)),
        attempts=CountedAttempt(stored.get("attempts", CountedAttempt.BEST)),
        tests=tuple(
            Test(str(one["unit"]), dict(one["titles"]), int(one["weight"]), int(one["minimum"]))
            for one in stored.get("tests", ())
        ),
    )


def _practice(stored: Mapping[str, Any]) -> Practice:
    return Practice(
        percent=int(stored.get("percent", 0)),
        tasks=tuple(Task(str(one["code"]), dict(one["titles"])) for one in stored.get("tasks", ())),
    )
