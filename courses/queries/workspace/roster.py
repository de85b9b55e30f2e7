"""Which people of a cohort are listed, and in which order."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from accounts.folding import fold_arabic
from courses.clauses import ClauseKind
from courses.enums import EnrollmentState, Risk
from courses.queries.workspace.trainees import Trainee

# What else than a clause may be asked for in `RosterFilter.missing`, and than one rule in `risk`.
NOTHING, ANY = "nothing", "any"
# Letters of a name to look for.
LONGEST = 80

_ORDERS: dict[str, Callable[[Trainee], Any]] = {
    "attendance": lambda trainee: trainee.attendance_percent,
    "progress": lambda trainee: trainee.progress_percent,
    "score": lambda trainee: trainee.score,
    "seen": lambda trainee: trainee.last_seen,
}
SORTS = ("name", "-name", *(f"{sign}{name}" for name in _ORDERS for sign in ("", "-")))


@dataclass(frozen=True)
class RosterFilter:
    """What is empty is not asked for; without a state, everybody who did not leave."""

    q: str = ""
    state: EnrollmentState | str = ""
    missing: ClauseKind | str = ""
    risk: Risk | str = ""
    sort: str = "name"

    @classmethod
    def read(cls, typed: Mapping[str, str]) -> "RosterFilter":
        """From an address. What cannot be read is not asked for."""

        def known(name: str, values: Collection[str], otherwise: str = "") -> str:
            value = typed.get(name, "")
            return value if value in values else otherwise

        return cls(
            q=typed.get("q", "").strip()[:LONGEST],
            state=known("state", EnrollmentState.values),
            missing=known("missing", (*ClauseKind, NOTHING)),
            risk=known("risk", (*Risk.values, ANY)),
            sort=known("sort", SORTS, otherwise="name"),
        )

    def finds(self, trainee: Trainee) -> bool:
        return (
            self._has_state(trainee)
            and (not self.risk or self._is_at_risk(trainee))
            and (not self.missing or self._misses(trainee))
            and all(word in trainee.enrollment.person.folded_name for word in fold_arabic(self.q).split())
        )

    def _has_state(self, trainee: Trainee) -> bool:
        return trainee.enrollment.state == self.state if self.state else trainee.is_in_the_cohort

    def _is_at_risk(self, trainee: Trainee) -> bool:
        return trainee.is_at_risk if self.risk == ANY else self.risk in trainee.risks

    def _misses(self, trainee: Trainee) -> bool:
        return trainee.is_ready if self.missing == NOTHING else self.missing in trainee.missing


def found(trainees: Iterable[Trainee], asked: RosterFilter) -> list[Trainee]:
    """Those that a filter finds, in its order; who has no figure to sort by comes last, namesakes by name. No query."""
    people = [trainee for trainee in trainees if asked.finds(trainee)]
    is_down, name = asked.sort.startswith("-"), asked.sort.removeprefix("-")
    if name not in _ORDERS:
        return people[::-1] if is_down else people
    figure = _ORDERS[name]
    without = [trainee for trainee in people if figure(trainee) is None]
    ranked = sorted(
        (trainee for trainee in people if figure(trainee) is not None), key=figure, reverse=is_down
    )
    return [*ranked, *without]
