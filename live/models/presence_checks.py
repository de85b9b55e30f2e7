"""Presence checks and their answers."""

from django.db import models
from django.db.models import Q

from live.models.rooms import LiveSession


class PresenceCheck(models.Model):
    """The question "Are you still here?", asked of the whole class at a time drawn when the room opened."""

    session = models.ForeignKey(LiveSession, models.PROTECT, related_name="checks")
    number = models.PositiveSmallIntegerField()
    due_at = models.DateTimeField()
    # Set by the process that asked, together with the number of its event.
    asked_at = models.DateTimeField(null=True)
    seq = models.PositiveBigIntegerField(null=True)

    class Meta:
        ordering = ("session_id", "number")
        constraints = (
            models.UniqueConstraint(fields=("session", "number"), name="presence_check_number_once"),
            models.CheckConstraint(
                condition=Q(asked_at__isnull=True, seq__isnull=True)
                | Q(asked_at__isnull=False, seq__isnull=False),
                name="presence_check_asked_has_its_event",
            ),
        )
        indexes = (
            models.Index(fields=("due_at",), condition=Q(asked_at__isnull=True), name="presence_check_due"),
        )

    def __str__(self) -> str:
        return f"{self.session_id} check {self.number}"


class PresenceAnswer(models.Model):
    """A person answered a check in time: once, on any device."""

    check_asked = models.ForeignKey(PresenceCheck, models.PROTECT, related_name="answers")
    person = models.ForeignKey("accounts.Person", models.PROTECT, related_name="+")
    answered_at = models.DateTimeField()

    class Meta:
        ordering = ("check_asked_id", "person_id")
        constraints = (
            models.UniqueConstraint(fields=("check_asked", "person"), name="presence_answer_once"),
        )

    def __str__(self) -> str:
        return f"{self.check_asked_id}/{self.person_id}"
