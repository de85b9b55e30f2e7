"""What was answered while an attempt ran: a log to which rows are only added, what came too late, and what was refused."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from assessment.enums import Refusal
from assessment.models.attempts import Attempt


class ResponseEvent(models.Model):
    """One change of one answer. Of the changes of a slot the one with the highest (epoch, seq) counts. Triggers refuse to change it."""

    center_path = "attempt__enrollment__cohort__center"

    # Which begins with the attempt: the foreign key needs no index of its own.
    pk = models.CompositePrimaryKey("attempt_id", "epoch", "seq")
    attempt = models.ForeignKey(
        Attempt, models.PROTECT, db_index=False, related_name="events", verbose_name=_("attempt")
    )
    # The device that wrote it: another one that goes on with the attempt raises the epoch.
    epoch = models.PositiveSmallIntegerField()
    # Numbered by the device within its epoch: the same change sent twice is one event.
    seq = models.PositiveIntegerField()
    # The place of the question in the attempt, from 0.
    slot = models.PositiveSmallIntegerField(_("question"))
    # In the form that `assessment.marking` keeps; null where the answer was taken back.
    response = models.JSONField(_("answer"), null=True)
    at = models.DateTimeField(_("saved at"))

    class Meta:
        ordering = ("attempt_id", "epoch", "seq")
        verbose_name = _("change of an answer")
        verbose_name_plural = _("changes of answers")

    def __str__(self) -> str:
        return f"{self.attempt_id}/{self.epoch}/{self.seq}"


class LateResponse(models.Model):
    """A change that arrived after the attempt had closed by time. It counts only where a person says so, with a reason."""

    center_path = "attempt__enrollment__cohort__center"

    pk = models.CompositePrimaryKey("attempt_id", "epoch", "seq")
    attempt = models.ForeignKey(
        Attempt,
        models.PROTECT,
        db_index=False,
        related_name="late_responses",
        verbose_name=_("attempt"),
    )
    epoch = models.PositiveSmallIntegerField()
    seq = models.PositiveIntegerField()
    slot = models.PositiveSmallIntegerField(_("question"))
    response = models.JSONField(_("answer"), null=True)
    at = models.DateTimeField(_("arrived at"))
    # When it was chosen, as the device says: its clock, or its program, may be changed. Null where it said nothing.
    claimed_at = models.DateTimeField(_("chosen at, as the device says"), null=True)

    class Meta:
        ordering = ("attempt_id", "epoch", "seq")
        verbose_name = _("late answer")
        verbose_name_plural = _("late answers")

    def __str__(self) -> str:
        return f"{self.attempt_id}/{self.epoch}/{self.seq}"


class RefusedSave(models.Model):
    """That saves of an attempt were refused for a reason: one row, however often. What was sent is not kept."""

    center_path = "attempt__enrollment__cohort__center"

    attempt = models.ForeignKey(
        Attempt,
        models.PROTECT,
        db_index=False,
        related_name="refused_saves",
        verbose_name=_("attempt"),
    )
    reason = models.CharField(_("reason"), max_length=20, choices=Refusal)
    count = models.PositiveIntegerField(_("times"), default=1)
    first_at = models.DateTimeField(_("first"))
    last_at = models.DateTimeField(_("last"))

    class Meta:
        ordering = ("attempt_id", "reason")
        verbose_name = _("refused save")
        verbose_name_plural = _("refused saves")
        constraints = (
            models.UniqueConstraint(fields=("attempt", "reason"), name="refused_save_once_per_reason"),
        )

    def __str__(self) -> str:
        return f"{self.attempt_id}: {self.reason} × {self.count}"
