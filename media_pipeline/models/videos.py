"""What was uploaded."""

import uuid

from django.core.files.storage import Storage, storages
from django.db import models
from django.utils.translation import gettext_lazy as _

from media_pipeline.enums import CaptionKind, CaptionLanguage, VideoState


def private_storage() -> Storage:
    return storages["private"]


class Video(models.Model):
    """One film or sound recording of a center. `published` is what trainees watch; it survives a failed redo."""

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


class CaptionTrack(models.Model):
    """A validated WebVTT file of a video. Published versions carry a copy of it."""

    center_path = "video__center"

    video = models.ForeignKey(Video, models.CASCADE, related_name="captions", verbose_name=_("video"))
    language = models.CharField(_("language"), max_length=12, choices=CaptionLanguage)
    kind = models.CharField(_("kind"), max_length=10, choices=CaptionKind, default=CaptionKind.CAPTIONS)
    file = models.FileField(_("file"), storage=private_storage, max_length=120)
    changed_at = models.DateTimeField(_("changed at"), auto_now=True)

    class Meta:
        ordering = ("language", "kind")
        verbose_name = _("captions")
        verbose_name_plural = _("captions")
        constraints = (
            models.UniqueConstraint(fields=("video", "language", "kind"), name="captions_once_per_language"),
        )

    def __str__(self) -> str:
        return f"{self.get_language_display()} · {self.get_kind_display()}"
