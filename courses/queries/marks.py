"""Queries of marks: corrections, and who marked."""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from typing import Any

from django.db.models import QuerySet

from accounts.enums import Act
from accounts.scoping.hands import lenders_of
from courses.models import Enrollment, ImportedResult, PracticalResult, ScoreCorrection

# Of apps above: given keys of enrollments, the enrollment and the login of each mark that a person gave.
type MarksGiven = Callable[[Collection[int]], QuerySet[Any, tuple[int, int]]]
_GIVEN: list[MarksGiven] = []


def register_marks_given(rows: MarksGiven) -> MarksGiven:
    """Count those who gave marks elsewhere among the markers of an enrollment. A decorator for apps above."""
    _GIVEN.append(rows)
    return rows


def corrections_of(enrollment: Enrollment) -> QuerySet[ScoreCorrection]:
    """The corrections of an enrollment's scores, the newest first."""
    return ScoreCorrection.objects.filter(progress__enrollment=enrollment).select_related("progress", "by")


def markers_of(enrollments: Collection[int]) -> Mapping[int, set[int]]:
    """Keys of the logins who marked answers, corrected scores, recorded practical results or imported results of enrollments, by the keys
    of these.

    What a deputy marked is the lender's doing, too. Three queries, one where nothing is marked.
    """
    corrected = ScoreCorrection.objects.filter(progress__enrollment__in=enrollments).order_by()
    assessed = PracticalResult.objects.filter(enrollment__in=enrollments).order_by()
    imported = ImportedResult.objects.filter(enrollment__in=enrollments).order_by()
    found = corrected.values_list("progress__enrollment", "by").union(
        assessed.values_list("enrollment", "by"),
        imported.values_list("enrollment", "run__uploaded_by"),
        imported.values_list("enrollment", "run__imported_by"),
        *(rows(enrollments) for rows in _GIVEN),
    )
    markers: dict[int, set[int]] = defaultdict(set)
    for enrollment_id, login in found.order_by():
        markers[enrollment_id].add(login)
    everyone = {login for logins in markers.values() for login in logins}
    lenders = [lenders_of(everyone, act) for act in (Act.ASSESS, Act.MARK_ANSWERS)]
    return {
        enrollment_id: logins.union(*(of_act.get(login, ()) for of_act in lenders for login in logins))
        for enrollment_id, logins in markers.items()
    }
