"""What a completion rule asks, in words: for everyone, and what is left for one enrollment."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from uuid import UUID

from django.utils.translation import get_language, gettext, ngettext, pgettext_lazy

from accounts.services.formatting import format_percent
from courses.clauses import ClauseKind, Clauses, CountedAttempt, Test
from courses.models import Cohort, Enrollment
from courses.queries.evidence import Evidence, evidence_of_all
from courses.queries.progress import ProgressByUnit, progress_of

# What may be missing, in a word.
CLAUSE_WORDS = {
    ClauseKind.UNITS: pgettext_lazy("what is missing", "units"),
    ClauseKind.ATTENDANCE: pgettext_lazy("what is missing", "attendance"),
    ClauseKind.HOURS: pgettext_lazy("what is missing", "hours"),
    ClauseKind.SCORE: pgettext_lazy("what is missing", "score"),
    ClauseKind.PRACTICE: pgettext_lazy("what is missing", "practical"),
}


@dataclass(frozen=True)
class Requirement:
    """One clause and how far the trainee is. Units, hours and practical tasks are counted; attendance and score are percentages.

    `upcoming` are the sessions still to come, which keep an attendance that is high enough so far from being met. `missing` are
    titles: units left (in the source language), tests below their minimum with it, practical tasks not passed. `share` and
    `needed_share` are the mean score of practical tasks and what it has to be.
    """

    kind: ClauseKind
    needed: int
    reached: int
    met: bool
    missing: list[str] = field(default_factory=list)
    upcoming: int = 0
    share: int = 0
    needed_share: int = 0

    @property
    def word(self) -> str:
        return gettext("sessions to come") if self._is_open else str(CLAUSE_WORDS[self.kind])

    @property
    def _is_open(self) -> bool:
        """An attendance that is high enough so far, which the sessions to come can undo."""
        return self.kind == ClauseKind.ATTENDANCE and not self.met and self.reached >= self.needed

    @property
    def sentence(self) -> str:
        """What is left to do, or that it is done, in the reader's language."""
        match self.kind:
            case ClauseKind.UNITS:
                return self._units()
            case ClauseKind.ATTENDANCE:
                return self._attendance()
            case ClauseKind.HOURS:
                return (
                    gettext("hours of training: %(reached)s so far, at least %(needed)s needed") % self._facts
                )
            case ClauseKind.SCORE:
                return self._score()
            case ClauseKind.PRACTICE:
                return self._practice()

    @property
    def _facts(self) -> dict[str, int]:
        return {"needed": self.needed, "reached": self.reached}

    def _units(self) -> str:
        left = self.needed - self.reached
        if not self.needed:
            return gettext("no units to study")
        if not left:
            return gettext("every required unit is done")
        return ngettext("%(left)s required unit left", "%(left)s required units left", left) % {"left": left}

    def _attendance(self) -> str:
        if self._is_open:
            return ngettext(
                "attendance: %(reached)s so far, and %(upcoming)s session is still to come",
                "attendance: %(reached)s so far, and %(upcoming)s sessions are still to come",
                self.upcoming,
            ) % {"reached": format_percent(self.reached), "upcoming": self.upcoming}
        return gettext("attendance: %(reached)s so far, at least %(needed)s needed") % _in_percent(
            self._facts
        )

    def _score(self) -> str:
        facts = _in_percent(self._facts)
        mean = gettext("mean test score: %(reached)s so far, at least %(needed)s needed") % facts
        if not self.missing:
            return mean
        below = gettext("below its minimum: %(tests)s") % {"tests": _listed(self.missing)}
        return _both(mean, below) if self.needed else below

    def _practice(self) -> str:
        if self.missing:
            passed = gettext("practical tasks passed: %(reached)s of %(needed)s") % self._facts
            left = gettext("left: %(tasks)s") % {"tasks": _listed(self.missing)}
            return _both(passed, left)
        if not self.needed_share:
            return gettext("every practical task is passed")
        facts = _in_percent({"reached": self.share, "needed": self.needed_share})
        return gettext("mean score in practical tasks: %(reached)s, at least %(needed)s needed") % facts


def _in_percent(facts: Mapping[str, int]) -> dict[str, str]:
    return {name: format_percent(number) for name, number in facts.items()}


def requirements(enrollment: Enrollment) -> list[Requirement]:
    """The clauses of the enrollment's rule with what is left to do; empty where its cohort has no rule."""
    return requirements_of([enrollment])[enrollment.pk]


def requirements_of(
    enrollments: Iterable[Enrollment], progress: ProgressByUnit | None = None
) -> dict[int, list[Requirement]]:
    """The requirements of many enrollments by their pk, in as many queries as for one: three, or two where
    `progress` was read; one more where somebody was transferred, and one where a rule asks for practical tasks.
    """
    enrollments = list(enrollments)
    rules = {enrollment: rule for enrollment in enrollments if (rule := enrollment.cohort.completion_rule)}
    found: dict[int, list[Requirement]] = {enrollment.pk: [] for enrollment in enrollments}
    if rules:
        evidence = evidence_of_all(rules, progress_of(rules) if progress is None else progress)
        for enrollment, rule in rules.items():
            found[enrollment.pk] = clauses_of(evidence[enrollment.pk], rule.asks)
    return found


def clauses_of(evidence: Evidence, asks: Clauses) -> list[Requirement]:
    """What is asked, with what `evidence` leaves to do. All are met where the evidence meets the rule."""
    units, attendance, hours = evidence.units, evidence.attendance, evidence.hours
    score, practice = evidence.score, evidence.practice
    clauses = {
        ClauseKind.UNITS: Requirement(
            ClauseKind.UNITS, units.required, units.done, units.is_met(), units.missing
        ),
        ClauseKind.ATTENDANCE: Requirement(
            ClauseKind.ATTENDANCE,
            attendance.required,
            attendance.percent or 0,
            attendance.is_met(),
            upcoming=attendance.upcoming,
        ),
        ClauseKind.HOURS: Requirement(ClauseKind.HOURS, hours.required, hours.minutes // 60, hours.is_met()),
        ClauseKind.SCORE: Requirement(
            ClauseKind.SCORE,
            score.required,
            int(Decimal(score.percent or 0)),
            score.is_met(),
            [_with_minimum(test) for test in asks.score.tests if test.unit in score.below],
        ),
        ClauseKind.PRACTICE: Requirement(
            ClauseKind.PRACTICE,
            practice.tasks,
            practice.passed,
            practice.is_met(),
            [title_of(task.titles) for task in asks.practice.tasks if task.code in practice.missing],
            share=int(Decimal(practice.percent or 0)),
            needed_share=practice.required,
        ),
    }
    return [clauses[kind] for kind in _asked(asks)]


def promises(asks: Clauses) -> list[str]:
    """The clauses as sentences for people who think about taking the program, in the reader's language."""
    return [sentence for kind in _asked(asks) for sentence in _promise(kind, asks)]


def promised_in_a_line(asks: Clauses) -> str:
    """The same in one line, for lists of rules; a dash where nothing is asked."""
    return " · ".join(promises(asks)) or "–"


def promised_in(cohort: Cohort) -> str:
    """What completing takes in a cohort, in one line; empty where it has no rule. No query where `completion_rule` is at hand."""
    rule = cohort.completion_rule
    return promised_in_a_line(rule.asks) if rule else ""


def differing_promises(cohorts: Iterable[Cohort]) -> dict[int, str]:
    """What completing takes in each cohort, by its pk; empty where all ask for the same."""
    lines = {cohort.pk: promised_in(cohort) for cohort in cohorts}
    return lines if len(set(lines.values())) > 1 else {}


def _asked(asks: Clauses) -> list[ClauseKind]:
    is_asked = {
        ClauseKind.UNITS: asks.units,
        ClauseKind.ATTENDANCE: asks.attendance > 0,
        ClauseKind.HOURS: asks.hours > 0,
        ClauseKind.SCORE: asks.score.is_asked,
        ClauseKind.PRACTICE: asks.practice.is_asked,
    }
    return [kind for kind, asked in is_asked.items() if asked]


def _promise(kind: ClauseKind, asks: Clauses) -> Iterator[str]:
    match kind:
        case ClauseKind.UNITS:
            yield gettext("Complete every required unit")
        case ClauseKind.ATTENDANCE:
            yield gettext("Attend at least %(needed)s of the classes") % {
                "needed": format_percent(asks.attendance)
            }
        case ClauseKind.HOURS:
            yield ngettext(
                "Spend at least %(needed)s hour in classes",
                "Spend at least %(needed)s hours in classes",
                asks.hours,
            ) % {"needed": asks.hours}
        case ClauseKind.SCORE:
            yield from _score_promises(asks)
        case ClauseKind.PRACTICE:
            yield from _practice_promises(asks)


def _score_promises(asks: Clauses) -> Iterator[str]:
    score = asks.score
    if score.percent:
        yield gettext("Reach a mean score of %(needed)s in the tests") % {
            "needed": format_percent(score.percent)
        }
    for test in score.tests:
        if test.minimum:
            facts = {"needed": format_percent(test.minimum), "test": title_of(test.titles)}
            yield gettext("Reach at least %(needed)s in “%(test)s”") % facts
    if score.attempts == CountedAttempt.LAST:
        yield gettext("Of several attempts at a test, the last one counts")
    elif score.attempts == CountedAttempt.MEAN:
        yield gettext("Of several attempts at a test, the mean counts")


def _practice_promises(asks: Clauses) -> Iterator[str]:
    practice = asks.practice
    if practice.tasks:
        tasks = _listed([title_of(task.titles) for task in practice.tasks])
        yield gettext("Pass these practical tasks before an assessor: %(tasks)s") % {"tasks": tasks}
    if practice.percent:
        yield gettext("Reach a mean score of %(needed)s in the practical tasks") % {
            "needed": format_percent(practice.percent)
        }


def minimum_in(enrollment: Enrollment, unit_key: UUID) -> int:
    """The percentage that the rule of the enrollment's cohort asks for in this one test; 0 where it asks for none."""
    rule = enrollment.cohort.completion_rule
    tests = rule.asks.score.tests if rule else ()
    return next((test.minimum for test in tests if test.unit == str(unit_key)), 0)


def mean_in(enrollment: Enrollment) -> int:
    """The mean score of its tests that the rule of the enrollment's cohort asks for, in percent; 0 where it asks for none."""
    rule = enrollment.cohort.completion_rule
    return rule.asks.score.percent if rule else 0


def title_of(titles: Mapping[str, str]) -> str:
    """In the reader's language, else in the source language."""
    return titles.get(get_language() or "") or next(iter(titles.values()), "")


def _with_minimum(test: Test) -> str:
    facts = {"test": title_of(test.titles), "needed": format_percent(test.minimum)}
    return gettext("%(test)s (at least %(needed)s)") % facts


def _both(one: str, other: str) -> str:
    return gettext("%(one)s; %(other)s") % {"one": one, "other": other}


def _listed(titles: Iterable[str]) -> str:
    return gettext(", ").join(titles)
