"""Progress in units."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _


class UnitProgress(models.Model):
    """What one enrollment did in one unit.

    `watched` is a bitmap, little-endian, one bit for each 5 s bucket of the unit's video; reports are merged by OR,
    so they may come twice, late or in any order. A completed unit never goes back.
    """

    center_path = "enrollment__cohort__center"
    person_path = "enrollment__person"

    enrollment = models.ForeignKey(
        "courses.Enrollment", models.PROTECT, related_name="progress", verbose_name=_("enrollment")
    )
    # The unit page's translation_key: both languages of a unit, and its record after the page is gone.
    unit_key = models.UUIDField(_("unit"))
    watched = models.BinaryField(default=bytes)
    buckets_watched = models.PositiveIntegerField(default=0)
    buckets_total = models.PositiveIntegerField(default=0)
    # How many more buckets may be credited, as of `allowed_at` (`courses.coverage.CreditLimit`). One row, so every device
    # of the trainee uses the same credit.
    allowed_buckets = models.FloatField(default=0)
    allowed_at = models.DateTimeField()
    position = models.PositiveIntegerField(_("position in seconds"), default=0)
    # When the person was at that position; the newest wins, whichever device reports it last.
    position_at = models.DateTimeField(null=True, editable=False)
    # Percent, for units that are marked: the best of all attempts.
    score = models.DecimalField(_("score"), max_digits=5, decimal_places=2, null=True, blank=True)
    # The score of every attempt in the order of time, for rules that count the last one or the mean. A correction replaces
    # those before it.
    scores = ArrayField(models.DecimalField(max_digits=5, decimal_places=2), default=list, editable=False)
    passed = models.BooleanField(_("passed"), null=True, blank=True)
    # Since when work waits for a person who marks it.
    awaits_mark_since = models.DateTimeField(null=True, editable=False)
    opened_at = models.DateTimeField(_("opened at"))
    updated_at = models.DateTimeField(_("updated at"))
    completed_at = models.DateTimeField(_("completed at"), null=True, blank=True)

    class Meta:
        verbose_name = _("unit progress")
        verbose_name_plural = _("unit progress")
        constraints = (
            models.UniqueConstraint(fields=("enrollment", "unit_key"), name="progress_once_per_unit"),
            models.CheckConstraint(
                condition=models.Q(buckets_watched__lte=models.F("buckets_total")),
                name="progress_never_over_the_whole",
            ),
            models.CheckConstraint(
                condition=models.Q(score__isnull=True, scores__len=0)
                | models.Q(score__isnull=False, scores__len__gt=0),
                name="progress_score_of_attempts",
            ),
        )

    def __str__(self) -> str:
        return f"{self.enrollment_id}/{self.unit_key}"
