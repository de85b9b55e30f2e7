"""People who entered a room, and its co-instructors."""

from django.conf import settings
from django.db import models

from live.models.rooms import LiveSession


class RoomEntry(models.Model):
    """A login that was in the room and may come back when it is locked. `seen_at` tells whether it is there now."""

    session = models.ForeignKey(LiveSession, models.PROTECT, related_name="entries")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()
    # Time of the last heartbeat; None for a person who was sent out.
    seen_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("session_id", "pk")
        constraints = (models.UniqueConstraint(fields=("session", "user"), name="room_entry_once"),)
        indexes = (models.Index(fields=("session", "seen_at"), name="room_entry_seen"),)

    def __str__(self) -> str:
        return f"{self.session_id}/{self.user_id}"


class Host(models.Model):
    """A member of the center's staff who is co-instructor of this class only."""

    session = models.ForeignKey(LiveSession, models.PROTECT, related_name="hosts")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        ordering = ("session_id", "pk")
        constraints = (models.UniqueConstraint(fields=("session", "user"), name="room_host_once"),)

    def __str__(self) -> str:
        return f"{self.session_id}/{self.user_id}"
