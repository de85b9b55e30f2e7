"""Queries of a reader's seat in a program, and of seats that trainees gave back."""

import datetime as dt
from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from django.contrib.contenttypes.models import ContentType
from django.db.models import CharField
from django.db.models.functions import Cast
from django.utils import timezone
from wagtail.models import ModelLogEntry

from accounts.enums import Act
from accounts.models import User
from accounts.scoping import acts_held, fenced
from courses.enums import EnrollmentState
from courses.models import Cohort, Enrollment, ProgramPage

GIVEN_BACK_DAYS = 14


@dataclass(frozen=True)
class SeatGivenBack:
    enrollment: Enrollment
    at: dt.datetime
    reason: str


def seat_in(user: User | AnonymousUser, program: ProgramPage) -> Enrollment | None:
    """The reader's enrollment in a program (the page in any language): the active one, else the newest."""
    if not isinstance(user, User) or user.person_id is None:
        return None
    return (
        Enrollment.objects.filter(
            person=user.person_id, cohort__program__translation_key=program.translation_key
        )
        .select_related("cohort__center__governorate", "cohort__content_version", "cohort__program")
        # In alphabetical order, "active" comes first, then "completed".
        .order_by("state", "-enrolled_at")
        .first()
    )


def overlapping_seat(person_id: int, cohort: Cohort) -> Enrollment | None:
    """A seat the person has in another cohort that is given on the same days, the one that ends last."""
    return (
        Enrollment.objects.filter(
            person=person_id,
            state=EnrollmentState.ACTIVE,
            cohort__starts_on__lte=cohort.ends_on,
            cohort__ends_on__gte=cohort.starts_on,
        )
        .exclude(cohort=cohort.pk)
        .select_related("cohort__center", "cohort__program")
        .order_by("-cohort__ends_on", "pk")
        .first()
    )


def seats_given_back(user: User, *, at_most: int) -> list[SeatGivenBack]:
    """What trainees gave back in the last days, where `user` may see the cohorts; the newest first."""
    if Act.VIEW_COHORTS not in acts_held(user):
        return []
    rows = fenced(Enrollment.objects.all(), user=user, act=Act.VIEW_COHORTS)
    entries = list(
        ModelLogEntry.objects.filter(
            content_type=ContentType.objects.get_for_model(Enrollment),
            action="courses.enrollment.give_back",
            timestamp__gte=timezone.now() - dt.timedelta(days=GIVEN_BACK_DAYS),
            # The log keeps keys of all models, as text.
            object_id__in=rows.order_by().values(key=Cast("pk", CharField())),
        ).order_by("-timestamp")[:at_most]
    )
    rows = rows.filter(pk__in=[int(entry.object_id) for entry in entries])
    enrollments = {
        str(row.pk): row for row in rows.select_related("person", "cohort__program", "cohort__center")
    }
    return [
        SeatGivenBack(enrollments[entry.object_id], entry.timestamp, entry.data.get("reason", ""))
        for entry in entries
        if entry.object_id in enrollments
    ]
