"""Classes that are sent with OBS."""

from django.conf import settings
from django.db import models

from live.enums import ObsPicture
from live.models.rooms import LiveSession


class ObsKey(models.Model):
    """The OBS key of one class: `stream` is the SRT stream id, the passphrase is derived from `nonce` and never stored."""

    center_path = "session__class_session__cohort__center"

    session = models.OneToOneField(LiveSession, models.PROTECT, related_name="obs_key")
    stream = models.CharField(max_length=32, unique=True)
    nonce = models.UUIDField()
    picture = models.CharField(max_length=10, choices=ObsPicture)
    # What is sent with it counts as sent by this person.
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    # When its last media arrived, and why the last caller was refused (a code of `live.errors`).
    seen_at = models.DateTimeField(null=True)
    refusal = models.CharField(max_length=40, blank=True)
    refused_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("session_id",)

    def __str__(self) -> str:
        return f"{self.session_id}/{self.stream}"
