"""Merges of two records of one person, and every row that a merge changed. Triggers keep the rows from being changed."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class PersonMerge(models.Model):
    """A second record of a person was merged into the one that is kept. Append-only but for being undone, once."""

    center_path = "kept__registered_at"
    person_path = "kept"
    # The row whose page shows this one.
    page_path = "kept"

    kept = models.ForeignKey("accounts.Person", models.PROTECT, related_name="+", verbose_name=_("kept"))
    duplicate = models.ForeignKey(
        "accounts.Person", models.PROTECT, related_name="+", verbose_name=_("second record")
    )
    reason = models.CharField(_("reason"), max_length=300)
    by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", verbose_name=_("merged by"))
    # Of the database, which compares it with the time of the transaction.
    at = models.DateTimeField(_("merged at"), db_default=Now())
    undone_at = models.DateTimeField(_("undone at"), null=True, blank=True)
    undone_by = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("undone by")
    )
    undone_for = models.CharField(_("reason for undoing"), max_length=300, blank=True)

    class Meta:
        ordering = ("-at", "-pk")
        verbose_name = _("merge of two records")
        verbose_name_plural = _("merges of records")
        constraints = (
            models.CheckConstraint(condition=~Q(kept=F("duplicate")), name="merge_of_two_records"),
            models.CheckConstraint(
                condition=Q(undone_at=None, undone_by=None, undone_for="")
                | (Q(undone_at__isnull=False, undone_by__isnull=False) & ~Q(undone_for="")),
                name="merge_undone_with_a_reason",
            ),
            models.UniqueConstraint(
                fields=("duplicate",), condition=Q(undone_at=None), name="merge_once_at_a_time"
            ),
        )

    def __str__(self) -> str:
        return f"{self.duplicate} > {self.kept}"


class MergedRow(models.Model):
    """Fields of one row that a merge changed: a row of the second record that now belongs to the kept one, or a fact.

    `before` and `after` are values by the name of the field, a relation by its key, moments as ISO 8601 to the microsecond. Undoing writes
    `before` where all of them are still `after`.
    """

    center_path = "merge__kept__registered_at"

    merge = models.ForeignKey(PersonMerge, models.PROTECT, related_name="rows")
    # The label of the model in lower case, like `courses.enrollment`, and the key of the row.
    model = models.CharField(max_length=80)
    row = models.BigIntegerField()
    before = models.JSONField()
    after = models.JSONField()

    class Meta:
        ordering = ("pk",)
        verbose_name = _("row of a merge")
        verbose_name_plural = _("rows of a merge")
        indexes = (models.Index(fields=("model", "row"), name="merged_row_by_row"),)

    def __str__(self) -> str:
        return f"{self.model} {self.row}: {', '.join(self.after)}"
