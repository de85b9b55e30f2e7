"""Queries of marks: corrections, and completions that the evidence no longer supports."""

from collections import defaultdict
from collections.abc import Collection, Mapping

from django.db.models import OuterRef, QuerySet, Subquery

from accounts.enums import Act
from accounts.models import User
from accounts.scoping import acts_held, fenced
from courses.enums import EnrollmentState
from courses.models import Eligibility, Enrollment, ImportedResult, PracticalResult, ScoreCorrection


def corrections_of(enrollment: Enrollment) -> QuerySet[ScoreCorrection]:
    """The corrections of an enrollment's scores, the newest first."""
    return ScoreCorrection.objects.filter(progress__enrollment=enrollment).select_related("progress", "by")


def markers_of(enrollments: Collection[int]) -> Mapping[int, set[int]]:
    """Keys of the logins who corrected scores, recorded practical results or imported results of enrollments, by the keys of these.

    One query.
    """
    corrected = ScoreCorrection.objects.filter(progress__enrollment__in=enrollments).order_by()
    assessed = PracticalResult.objects.filter(enrollment__in=enrollments).order_by()
    imported = ImportedResult.objects.filter(enrollment__in=enrollments).order_by()
    found = corrected.values_list("progress__enrollment", "by").union(
        assessed.values_list("enrollment", "by"),
        imported.values_list("enrollment", "run__uploaded_by"),
        imported.values_list("enrollment", "run__imported_by"),
    )
    markers: dict[int, set[int]] = defaultdict(set)
    for enrollment_id, login in found.order_by():
        markers[enrollment_id].add(login)
    return markers


def completions_in_doubt(user: User) -> QuerySet[Enrollment]:
    """Completed enrollments whose newest evaluation does not meet the rule, where `user` approves certificates."""
    if Act.APPROVE_CERTIFICATES not in acts_held(user):
        return Enrollment.objects.none()
    newest = Eligibility.objects.filter(enrollment=OuterRef("pk")).order_by("-evaluated_at", "-pk")
    completed = Enrollment.objects.filter(state=EnrollmentState.COMPLETED)
    in_doubt = completed.annotate(is_met=Subquery(newest.values("met")[:1])).filter(is_met=False)
    reach = fenced(in_doubt, user=user, act=Act.APPROVE_CERTIFICATES)
    return reach.select_related("person", "cohort__program").order_by("-completed_at", "pk")
