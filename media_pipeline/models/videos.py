"""What was uploaded."""

import uuid

from django.core.files.storage import Storage, storages
from django.db import models
from django.utils.translation import gettext_lazy as _

from media_pipeline.enums import VideoState


def private_storage() -> Storage:
    return storages["private"]


class Video(models.Model):
    """One video or sound recording of a center. `published` is what trainees watch; a failed reprocessing keeps it."""

    center_path = "center"

    center = models.ForeignKey(
        "accounts.Center", models.PROTECT, related_name="videos", verbose_name=_("center")
    )
    title = models.CharField(_("title"), max_length=200)
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    source = models.FileField(_("source file"), storage=private_storage, max_length=120, editable=False)
    # As the person named it; shown, never used as a path.
    original_name = models.CharField(_("file name"), max_length=255, editable=False)
    sha256 = models.CharField(max_length=64, editable=False)
    byte_size = models.PositiveBigIntegerField(_("size in bytes"), editable=False)
    # `transcoding.probe.Probe.as_json`.
    probe = models.JSONField(null=True, editable=False)
    state = models.CharField(
        _("state"), max_length=10, choices=VideoState, default=VideoState.UPLOADED, editable=False
    )
    # {"reason": RefusalReason, "facts": {...}} of a refused file.
    refusal = models.JSONField(null=True, editable=False)
    published = models.ForeignKey(
        "media_pipeline.PublishedVersion",
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("published version"),
    )
    uploaded_by = models.ForeignKey(
        "accounts.User",
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("uploaded by"),
    )
    uploaded_at = models.DateTimeField(_("uploaded at"), auto_now_add=True)

    class Meta:
        ordering = ("-uploaded_at", "-pk")
        verbose_name = _("video")
        verbose_name_plural = _("videos")
        constraints = (
            models.CheckConstraint(
                condition=~models.Q(state=VideoState.PUBLISHED) | models.Q(published__isnull=False),
                name="video_ready_has_a_version",
            ),
        )

    def __str__(self) -> str:
        return self.title
