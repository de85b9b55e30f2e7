"""Revocations of signed addresses, and bytes delivered."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class PlaybackRevocation(models.Model):
    """Revokes every address that carries `tag`. nginx and the stream view look for a file of that name.

    A viewer who may watch again gets another tag, derived from the id of the revocation.
    """

    # The `viewer` of `sign_playback`.
    viewer = models.CharField(max_length=60)
    tag = models.CharField(max_length=16, unique=True)
    revoked_at = models.DateTimeField(_("ended at"), default=timezone.now)

    class Meta:
        verbose_name = _("end of a viewer's addresses")
        verbose_name_plural = _("ends of viewers' addresses")
        indexes = (
            models.Index(fields=("viewer", "-id"), name="revocation_last_of_viewer"),
            models.Index(fields=("revoked_at",), name="revocation_revoked_at"),
        )

    def __str__(self) -> str:
        return f"{self.viewer} · {self.tag}"


class DeliveryLog(models.Model):
    """How far a delivery log has been read: the lines before `offset` are in the sums."""

    name = models.CharField(max_length=200, unique=True)
    offset = models.PositiveBigIntegerField(default=0)

    class Meta:
        verbose_name = _("log of answers")
        verbose_name_plural = _("logs of answers")

    def __str__(self) -> str:
        return self.name


class DeliveredBytes(models.Model):
    """The bytes of a video that were delivered on one day. It does not record to whom."""

    center_path = "center"

    video = models.ForeignKey(
        "media_pipeline.Video", models.CASCADE, related_name="delivered", verbose_name=_("video")
    )
    # The center that owned the video on that day.
    center = models.ForeignKey("accounts.Center", models.PROTECT, related_name="+", verbose_name=_("center"))
    day = models.DateField(_("day"))
    bytes = models.PositiveBigIntegerField(_("bytes"), default=0)
    answers = models.PositiveBigIntegerField(_("requests answered"), default=0)

    class Meta:
        ordering = ("-day",)
        verbose_name = _("delivered bytes")
        verbose_name_plural = _("delivered bytes")
        constraints = (
            models.UniqueConstraint(fields=("video", "center", "day"), name="delivered_bytes_once_a_day"),
        )

    def __str__(self) -> str:
        return f"{self.video} · {self.day}"
