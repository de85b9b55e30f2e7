"""A person's seat in a cohort."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from courses.enums import EnrollmentState, WithdrawalReason


class Enrollment(models.Model):
    """A person in a cohort. A record of study: never deleted."""

    center_path = "cohort__center"
    person_path = "person"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(
        "accounts.Person", models.PROTECT, related_name="enrollments", verbose_name=_("person")
    )
    cohort = models.ForeignKey(
        "courses.Cohort", models.PROTECT, related_name="enrollments", verbose_name=_("cohort")
    )
    state = models.CharField(
        _("state"), max_length=10, choices=EnrollmentState, default=EnrollmentState.ACTIVE
    )
    enrolled_at = models.DateTimeField(_("enrolled at"))
    completed_at = models.DateTimeField(_("completed at"), null=True, blank=True)
    # The last transfer (`courses.models.Transfer`), None where there was none.
    transferred_at = models.DateTimeField(_("transferred at"), null=True, blank=True)
    withdrawn_for = models.CharField(
        _("reason for leaving"), max_length=12, choices=WithdrawalReason, blank=True
    )

    class Meta:
        ordering = ("cohort_id", "person__folded_name")
        verbose_name = _("enrollment")
        verbose_name_plural = _("enrollments")
        constraints = (
            models.UniqueConstraint(fields=("person", "cohort"), name="enrollment_once_per_cohort"),
            models.CheckConstraint(
                condition=models.Q(state=EnrollmentState.COMPLETED, completed_at__isnull=False)
                | (~models.Q(state=EnrollmentState.COMPLETED) & models.Q(completed_at__isnull=True)),
                name="enrollment_completed_iff_dated",
            ),
            models.CheckConstraint(
                condition=models.Q(state=EnrollmentState.WITHDRAWN) | models.Q(withdrawn_for=""),
                name="enrollment_reason_only_when_withdrawn",
            ),
        )

    def __str__(self) -> str:
        return f"{self.person} · {self.cohort}"
