"""Connections of browsers to the operator's media server."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from live.enums import MediaDirection
from live.models.rooms import LiveSession


class MediaConnection(models.Model):
    """A browser's connection to the operator's media server, made through this site, which can end it.

    It ends at `ended_at`; at `closed_at` the media server had also deleted `resource`.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    session = models.ForeignKey(LiveSession, models.PROTECT, related_name="media_connections")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    direction = models.CharField(max_length=8, choices=MediaDirection)
    device = models.CharField(max_length=36)
    # The address the media server gave the connection (`Location`); empty until it has answered.
    resource = models.TextField(blank=True)
    opened_at = models.DateTimeField()
    # Of a sender: when its page last reported that picture and sound arrive.
    last_seen_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    # When a process leased it to end it at the media server; another process tries after the lease expired.
    leased_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(
                fields=("session",),
                condition=Q(direction=MediaDirection.SENDS, ended_at__isnull=True),
                name="media_connection_one_sender",
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) | Q(ended_at__isnull=False),
                name="media_connection_ends_before_it_is_closed",
            ),
        )
        indexes = (
            models.Index(
                fields=("session",), condition=Q(closed_at__isnull=True), name="media_connection_open"
            ),
        )

    def __str__(self) -> str:
        return str(self.public_id)
