"""What enrollments did in their units."""

from collections.abc import Iterable

from courses.models import Enrollment, UnitProgress

# By the pk of an enrollment, then by the key of a unit.
type ProgressByUnit = dict[int, dict[str, UnitProgress]]


def progress_of(enrollments: Iterable[Enrollment], *, with_watched: bool = False) -> ProgressByUnit:
    """How far enrollments are in each unit, with what of it was watched if that is asked for. One query."""
    progress: ProgressByUnit = {enrollment.pk: {} for enrollment in enrollments}
    rows = UnitProgress.objects.filter(enrollment__in=list(progress))
    for row in rows if with_watched else rows.defer("watched"):
        progress[row.enrollment_id][str(row.unit_key)] = row
    return progress
