"""Finds who is at risk at the end of a day, by the rules that the workspaces of cohorts show."""

import datetime as dt
from collections.abc import Collection

from django.db import transaction
from django.db.models import Exists, OuterRef

from courses.enums import EnrollmentState, Risk
from courses.models import Cohort, Enrollment
from courses.queries.workspace.risks import begun_by
from courses.queries.workspace.trainees import trainees_of
from insights.enums import OtherRisk
from insights.models import EnrollmentRisk, Snapshot
from jobs.services.leases import fenced, heartbeat

COHORTS_IN_A_BATCH = 50


def record_risks(snapshot: Snapshot, *, at: dt.datetime) -> None:
    """Evaluate what is left of the cohorts in which somebody can be at risk, as of the last moment of the day."""
    while cohorts := _cohorts_after(snapshot.cohort_position, at):
        heartbeat(snapshot)
        found = [
            EnrollmentRisk(enrollment_id=trainee.pk, day=snapshot.day, reason=reason_of(trainee.risks))
            for cohort in cohorts
            for trainee in trainees_of(cohort, at=at)
            if trainee.is_at_risk
        ]
        _record_batch(snapshot, found, until=cohorts[-1].pk)


def reason_of(risks: Collection[Risk]) -> str:
    """Figures count each person once."""
    return next(iter(risks)).value if len(risks) == 1 else OtherRisk.SEVERAL.value


def _cohorts_after(position: int, at: dt.datetime) -> list[Cohort]:
    learners = Enrollment.objects.filter(cohort=OuterRef("pk"), state=EnrollmentState.ACTIVE)
    cohorts = begun_by(at).filter(Exists(learners), pk__gt=position)
    cohorts = cohorts.select_related("content_version", "completion_rule").order_by("pk")
    return list(cohorts[:COHORTS_IN_A_BATCH])


@transaction.atomic
def _record_batch(snapshot: Snapshot, found: Collection[EnrollmentRisk], *, until: int) -> None:
    """A batch, and the position after it: both, or nothing."""
    held = fenced(snapshot)
    # Who was transferred meanwhile may be found in both cohorts, and rows of a day that was never completed may be left.
    EnrollmentRisk.objects.bulk_create(
        found, update_conflicts=True, unique_fields=["enrollment"], update_fields=["day", "reason"]
    )
    held.cohort_position = until
    held.save(update_fields=["cohort_position"])
    snapshot.cohort_position = until
