"""Who was in a room."""

from django.db import models
from django.db.models import Q

from live.models.rooms import LiveSession


class PresenceMinute(models.Model):
    """Raw heartbeats of one person on one device in one minute of the session. Never edited after the session."""

    session = models.ForeignKey(LiveSession, models.PROTECT, related_name="presence")
    person = models.ForeignKey("accounts.Person", models.PROTECT, related_name="+")
    device = models.CharField(max_length=36)
    # Minutes since the room opened; the first is 0.
    minute = models.PositiveSmallIntegerField()
    # One bit for each quarter of the minute in which a heartbeat came: repeating one cannot count twice.
    beats = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("session_id", "person_id", "minute")
        constraints = (
            models.UniqueConstraint(
                fields=("session", "person", "device", "minute"), name="presence_minute_once_per_device"
            ),
            models.CheckConstraint(condition=Q(beats__lt=16), name="presence_minute_has_four_beats"),
        )

    def __str__(self) -> str:
        return f"{self.session_id}/{self.person_id} +{self.minute}"
