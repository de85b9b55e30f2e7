"""Files on their way in, and how much of them a center may keep."""

import uuid

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from media_pipeline.enums import UploadState


class Upload(models.Model):
    """A file that is arriving in pieces. How far it is, is the size of its part on disk: no column can drift from it.

    `public_id` becomes that of the video, so that taking the file over can be repeated after a crash.
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
    # The Upload-Metadata header as it came: the protocol hands it back.
    metadata = models.TextField(blank=True, editable=False)
    length = models.PositiveBigIntegerField(_("size in bytes"))
    # What the browser makes of name, size and date, to know the same file when it is chosen again.
    fingerprint = models.CharField(max_length=64, blank=True)
    state = models.CharField(
        _("state"), max_length=10, choices=UploadState, default=UploadState.RECEIVING, editable=False
    )
    sha256 = models.CharField(max_length=64, blank=True, editable=False)
    # The person wants it although the center has the same file already.
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
    # Moves on with every piece that arrives.
    expires_at = models.DateTimeField(_("kept until"))
    # When a message last asked for its check.
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
    """How many gigabytes of media one center may keep, where that is not what `MEDIA_QUOTA_GB` says for all."""

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
