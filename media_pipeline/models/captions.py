"""Captions of a video: the drafts and what trainees read."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from media_pipeline.enums import CaptionKind, CaptionLanguage, CaptionOrigin


class CaptionTrack(models.Model):
    """Captions, subtitles or chapters of a video in one language.

    `draft` is what the editor shows, `published` what published versions carry a copy of. Publishing points `published`
    at the draft; saving never does.
    """

    center_path = "video__center"

    video = models.ForeignKey(
        "media_pipeline.Video", models.CASCADE, related_name="captions", verbose_name=_("video")
    )
    language = models.CharField(_("language"), max_length=12, choices=CaptionLanguage)
    kind = models.CharField(_("kind"), max_length=10, choices=CaptionKind, default=CaptionKind.CAPTIONS)
    # Raised by every save: an editor with an older number has not seen the last save.
    edits = models.PositiveIntegerField(default=0, editable=False)
    # RESTRICT lets both go together with the track, and neither before it.
    draft = models.ForeignKey(
        "media_pipeline.CaptionRevision",
        models.RESTRICT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("draft"),
    )
    published = models.ForeignKey(
        "media_pipeline.CaptionRevision",
        models.RESTRICT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("what trainees see"),
    )
    changed_at = models.DateTimeField(_("changed at"), default=timezone.now, editable=False)

    class Meta:
        ordering = ("language", "kind")
        verbose_name = _("captions")
        verbose_name_plural = _("captions")
        constraints = (
            models.UniqueConstraint(fields=("video", "language", "kind"), name="captions_once_per_language"),
        )

    def __str__(self) -> str:
        return f"{self.get_language_display()} · {self.get_kind_display()}"

    @property
    def text(self) -> str:
        """The draft, as WebVTT."""
        return self.draft.text if self.draft else ""

    @property
    def has_changes(self) -> bool:
        """Whether the draft differs from what trainees see."""
        return self.draft_id != self.published_id


class CaptionRevision(models.Model):
    """One state of the text. Consecutive saves of one person share a row until it is published."""

    center_path = "track__video__center"

    track = models.ForeignKey(
        CaptionTrack, models.CASCADE, related_name="revisions", verbose_name=_("captions")
    )
    number = models.PositiveIntegerField(_("number"))
    # WebVTT; a draft may still break its rules, what is published never does.
    text = models.TextField(_("text"))
    origin = models.CharField(_("origin"), max_length=10, choices=CaptionOrigin, default=CaptionOrigin.TYPED)
    by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+", verbose_name=_("by"))
    saved_at = models.DateTimeField(_("saved at"), default=timezone.now)
    published_at = models.DateTimeField(_("published at"), null=True)

    class Meta:
        ordering = ("-number",)
        verbose_name = _("revision of captions")
        verbose_name_plural = _("revisions of captions")
        constraints = (models.UniqueConstraint(fields=("track", "number"), name="caption_revision_once"),)

    def __str__(self) -> str:
        return f"{self.track_id}/{self.number}"
