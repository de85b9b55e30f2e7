"""Queries about closing a cohort: its outcomes, and obstacles to reopening."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.utils.translation import gettext

from accounts.errors import DomainError
from courses.enums import EnrollmentState
from courses.models import Cohort, Enrollment, UnitProgress
from courses.queries.requirements import Requirement, requirements_of

type Obstacle = Callable[[Cohort], DomainError | None]

type LooseEnds = Callable[[Cohort], str]

_OBSTACLES: list[Obstacle] = []
_OBSTACLES_TO_CLOSING: list[Obstacle] = []
_LOOSE_ENDS: list[LooseEnds] = []


def register_obstacle(obstacle: Obstacle) -> Obstacle:
    """Ask this query, too, whether a closed cohort may be reopened: None, or the refusal. A decorator.

    For apps that depend on the result; a service calls it with the cohort locked.
    """
    _OBSTACLES.append(obstacle)
    return obstacle


def obstacle_to_reopening(cohort: Cohort) -> DomainError | None:
    found = (obstacle(cohort) for obstacle in _OBSTACLES)
    return next((refusal for refusal in found if refusal), None)


def register_obstacle_to_closing(obstacle: Obstacle) -> Obstacle:
    """Ask this query, too, whether a cohort may be closed now: None, or the refusal. A decorator, for what the closing would end."""
    _OBSTACLES_TO_CLOSING.append(obstacle)
    return obstacle


def obstacle_to_closing(cohort: Cohort) -> DomainError | None:
    found = (obstacle(cohort) for obstacle in _OBSTACLES_TO_CLOSING)
    return next((refusal for refusal in found if refusal), None)


def register_loose_ends(sentence: LooseEnds) -> LooseEnds:
    """Name what of a cohort is undecided on the page that closes it: a sentence, or nothing. A decorator."""
    _LOOSE_ENDS.append(sentence)
    return sentence


def loose_ends_of(cohort: Cohort) -> list[str]:
    return [found for sentence in _LOOSE_ENDS if (found := sentence(cohort))]


@dataclass(frozen=True)
class Outcome:
    """How an active enrollment would end, and as text what is missing where it would not complete.

    `waits`: work of it waits for a mark, so that it would neither complete nor end yet.
    """

    enrollment: Enrollment
    missing: list[str]
    waits: bool

    @property
    def completes(self) -> bool:
        return not self.missing

    @property
    def fails(self) -> bool:
        return not self.completes and not self.waits


def waiting_for_marks(enrollments: Iterable[int]) -> set[int]:
    """The keys of those enrollments of which work waits for a person who marks it. One query."""
    waiting = UnitProgress.objects.filter(enrollment__in=list(enrollments), awaits_mark_since__isnull=False)
    return set(waiting.values_list("enrollment", flat=True))


def outcomes_of_closing(cohort: Cohort) -> list[Outcome]:
    """How each active enrollment would end if the cohort were closed now. Writes nothing; as many queries as for one."""
    active = list(
        cohort.enrollments.filter(state=EnrollmentState.ACTIVE)
        .select_related("person", "cohort__content_version", "cohort__completion_rule")
        .order_by("person__folded_name")
    )
    waiting = waiting_for_marks(enrollment.pk for enrollment in active)
    clauses = requirements_of(active)
    return [
        Outcome(enrollment, _missing(enrollment, clauses[enrollment.pk]), waits=enrollment.pk in waiting)
        for enrollment in active
    ]


def _missing(enrollment: Enrollment, clauses: list[Requirement]) -> list[str]:
    if enrollment.cohort.completion_rule is None:
        return [gettext("the cohort has no completion rule")]
    return [clause.sentence for clause in clauses if not clause.met]
