"""The event log of a room."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from live.enums import event_kinds
from live.models.rooms import LiveSession


class Event(models.Model):
    """One event of a room's log. A database trigger refuses to change or delete it."""

    pk = models.CompositePrimaryKey("session_id", "seq")
    session = models.ForeignKey(LiveSession, models.PROTECT, related_name="events")
    seq = models.PositiveBigIntegerField()
    kind = models.CharField(max_length=20, choices=event_kinds)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    # The name as shown at the time: a later change of name does not alter the log.
    name = models.CharField(max_length=160, blank=True)
    # The person it is about, if other than the actor: whose hand, who was muted.
    subject = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    # The earlier event it refers to: the message removed, the hand lowered or called.
    target = models.PositiveBigIntegerField(null=True)
    # Made by the client: the same command sent twice is one event.
    client_id = models.UUIDField(null=True)
    payload = models.JSONField(default=dict)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("session_id", "seq")
        constraints = (models.UniqueConstraint(fields=("session", "client_id"), name="event_client_id_once"),)
        indexes = (
            models.Index(
                fields=("session", "target"), condition=Q(target__isnull=False), name="event_target"
            ),
            models.Index(
                fields=("session", "subject", "seq"), condition=Q(subject__isnull=False), name="event_subject"
            ),
        )

    def __str__(self) -> str:
        return f"{self.session_id}#{self.seq} {self.kind}"
