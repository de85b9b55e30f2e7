"""When units of a cohort open."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _


class UnitRelease(models.Model):
    """A unit of a cohort that opens at a time, after other units, or both. A unit without a row is open from the beginning.

    `courses.services.releases` writes the rows, and says in `Cohort.has_releases` whether there are any.
    """

    center_path = "cohort__center"
    # The row whose page shows this one.
    page_path = "cohort"

    cohort = models.ForeignKey(
        "courses.Cohort", models.PROTECT, related_name="releases", verbose_name=_("cohort")
    )
    unit_key = models.UUIDField(_("unit"))
    opens_at = models.DateTimeField(_("opens at"), null=True, blank=True)
    # Keys of required units of the same content, which are to be completed first.
    after = ArrayField(models.UUIDField(), default=list, blank=True, verbose_name=_("after"))

    class Meta:
        verbose_name = _("opening of a unit")
        verbose_name_plural = _("openings of units")
        constraints = (
            models.UniqueConstraint(fields=("cohort", "unit_key"), name="unit_release_once_per_cohort"),
            models.CheckConstraint(
                condition=models.Q(opens_at__isnull=False) | ~models.Q(after=[]),
                name="unit_release_has_a_date_or_units",
            ),
            models.CheckConstraint(
                condition=~models.Q(after__contains=[models.F("unit_key")]),
                name="unit_release_never_waits_for_itself",
            ),
        )

    def __str__(self) -> str:
        return f"{self.cohort_id}/{self.unit_key}"
