"""The figures of a cohort: each is the count of rows that the workspace lists."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from courses.enums import Risk
from courses.queries.progress import content_percent
from courses.queries.workspace.trainees import Trainee


@dataclass(frozen=True)
class Figures:
    """`attendance` in percent, rounded down, of everybody in the cohort together; `progress` is the mean of theirs. None where nothing
    was held, or no unit is required. `risks`: how many people each rule found; one person may be found by several.
    """

    people: int
    attendance: int | None
    progress: int | None
    at_risk: int
    risks: dict[Risk, int]
    ready: int


def figures_of(trainees: Iterable[Trainee]) -> Figures:
    """Without those who left. No query."""
    people = [trainee for trainee in trainees if trainee.is_in_the_cohort]
    risks = Counter(kind for trainee in people for kind in trainee.risks)
    attendance = [trainee.evidence.attendance for trainee in people]
    progress = [percent for trainee in people if (percent := trainee.progress_percent) is not None]
    return Figures(
        people=len(people),
        attendance=_share(sum(one.attended for one in attendance), sum(one.held for one in attendance)),
        progress=content_percent(progress) if progress else None,
        at_risk=sum(trainee.is_at_risk for trainee in people),
        risks={kind: risks[kind] for kind in Risk if risks[kind]},
        ready=sum(trainee.is_ready for trainee in people),
    )


def _share(part: int, whole: int) -> int | None:
    return part * 100 // whole if whole else None
