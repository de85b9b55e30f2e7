"""Presence in a room, as raw data."""

from django.db import models
from django.db.models import Q

from live.models.rooms import LiveSession


class PresenceMinute(models.Model):
    """Raw heartbeats of one person on one device in one minute of the session.

    A database trigger refuses to remove a heartbeat, and to add one once the session has ended.
    """

    session = models.ForeignKey(LiveSession, models.PROTECT, related_name="presence")
    person = models.ForeignKey("accounts.Person", models.PROTECT, related_name="+")
    device = models.CharField(max_length=36)
    # Minutes since the room opened; the first is 0.
    minute = models.PositiveSmallIntegerField()
    # One bit for each quarter of the minute with a heartbeat: a repeated one cannot count twice.
    beats = models.PositiveSmallIntegerField(default=0)
    # A letter for each quarter: what the client was playing (`live.enums.PlaybackState`), "." for no heartbeat.
    states = models.CharField(max_length=4, default="....")
    # The server's time of the last heartbeat in the minute.
    last_at = models.DateTimeField(null=True)

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


class PresenceReturn(models.Model):
    """A silent device reconnected and confirmed what it had missed; raw data for `live.attendance.policy.Return`."""

    session = models.ForeignKey(LiveSession, models.PROTECT, related_name="returns")
    person = models.ForeignKey("accounts.Person", models.PROTECT, related_name="+")
    device = models.CharField(max_length=36)
    came_at = models.DateTimeField()
    silent_seconds = models.FloatField()
    # The last event it had, and the last replayed event it confirmed.
    since = models.PositiveBigIntegerField()
    replayed_to = models.PositiveBigIntegerField()

    class Meta:
        ordering = ("session_id", "person_id", "came_at")
        constraints = (
            models.UniqueConstraint(
                fields=("session", "person", "device", "came_at"), name="presence_return_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.session_id}/{self.person_id} {self.came_at}"
