"""Uploads in progress, and the storage quota of a center."""

import uuid

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from media_pipeline.enums import UploadState


class Upload(models.Model):
    """A file that arrives in chunks. Its offset is the size of its part file on disk, which no column copies.

    `public_id` becomes that of the video, so that making the video can be repeated after a crash.
    """

    center_path = "center"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    center = models.ForeignKey(
        "accounts.Center", models.PROTECT, related_name="uploads", verbose_name=_("center")
    )
    person = models.ForeignKey(
        "accounts.User", models.PROTECT, related_name="uploads", verbose_name=_("uploaded by")
    )
    title = models.CharField(_("title"), max_length=200)
    # As the person named it; shown, never used as a path.
    original_name = models.CharField(_("file name"), max_length=255)
    # The Upload-Metadata header as it came: tus returns it in HEAD.
    metadata = models.TextField(blank=True, editable=False)
    length = models.PositiveBigIntegerField(_("size in bytes"))
    # A hash by the browser of name, size and date, to recognize the same file when it is chosen again.
    fingerprint = models.CharField(max_length=64, blank=True)
    state = models.CharField(
        _("state"), max_length=10, choices=UploadState, default=UploadState.RECEIVING, editable=False
    )
    sha256 = models.CharField(max_length=64, blank=True, editable=False)
    # The person keeps it although the center has the same file already.
    is_kept = models.BooleanField(default=False, editable=False)
    # {"reason": RefusalReason, "facts": {...}} of a refused file.
    refusal = models.JSONField(null=True, editable=False)
    video = models.OneToOneField(
        "media_pipeline.Video",
        models.CASCADE,
        null=True,
        editable=False,
        related_name="upload",
        verbose_name=_("video"),
    )
    created_at = models.DateTimeField(_("started at"), auto_now_add=True)
    # Extended by every chunk that arrives.
    expires_at = models.DateTimeField(_("kept until"))
    # When its check was last dispatched.
    dispatched_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("-pk",)
        verbose_name = _("upload")
        verbose_name_plural = _("uploads")
        constraints = (
            models.CheckConstraint(condition=models.Q(length__gt=0), name="upload_has_bytes"),
            models.CheckConstraint(
                condition=~models.Q(state=UploadState.DONE) | models.Q(video__isnull=False),
                name="upload_done_has_a_video",
            ),
        )
        indexes = (models.Index(fields=("state", "expires_at"), name="upload_state_expires_at"),)

    def __str__(self) -> str:
        return self.title


class MediaQuota(models.Model):
    """How many gigabytes of media one center may keep, where it differs from `MEDIA_QUOTA_GB`."""

    center_path = "center"

    center = models.OneToOneField(
        "accounts.Center", models.CASCADE, related_name="media_quota", verbose_name=_("center")
    )
    gigabytes = models.PositiveIntegerField(
        _("gigabytes"), help_text=_("Uploaded files, prepared videos and what is being uploaded, together.")
    )

    class Meta:
        ordering = ("center",)
        verbose_name = _("storage limit")
        verbose_name_plural = _("storage limits")

    def __str__(self) -> str:
        return str(self.center)
