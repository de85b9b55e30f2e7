"""Published versions of videos. Database triggers forbid changing these rows."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class PublishedVersion(models.Model):
    """A validated package. Never changed: new captions or a new encoding create the next number."""

    center_path = "video__center"

    video = models.ForeignKey(
        "media_pipeline.Video", models.CASCADE, related_name="versions", verbose_name=_("video")
    )
    number = models.PositiveIntegerField(_("number"))
    # Below the published folder: "<public id>/<number>".
    path = models.CharField(max_length=60)
    # Its MP4 files in the bucket (`stores.Store.take`), shared by versions that differ in captions only. Empty: they
    # are on our disk, with the rest.
    rendition_set = models.CharField(max_length=80, blank=True, default="")
    seconds = models.FloatField(_("length in seconds"))
    has_poster = models.BooleanField(_("has a poster"))
    # One object a track: name (its file, without .vtt), language, label, kind.
    captions = models.JSONField(default=list)
    # The plan it was made by, needed to rewrite the playlists when captions change.
    plan = models.JSONField()
    created_at = models.DateTimeField(_("published at"), auto_now_add=True)

    class Meta:
        ordering = ("-number",)
        verbose_name = _("published version")
        verbose_name_plural = _("published versions")
        constraints = (models.UniqueConstraint(fields=("video", "number"), name="version_number_once"),)
        indexes = (
            models.Index(
                fields=("rendition_set",), condition=~models.Q(rendition_set=""), name="version_rendition_set"
            ),
        )

    def __str__(self) -> str:
        return self.path

    @property
    def has_storyboard(self) -> bool:
        """Whether there are small pictures for the seek bar: plans in chunks make them, older ones did not."""
        return bool(self.plan.get("chunks") and self.plan.get("renditions"))


class Rendition(models.Model):
    """One quality of a version, or its sound alone (`name` "audio", no size). Bits per second with audio."""

    center_path = "version__video__center"

    version = models.ForeignKey(
        PublishedVersion, models.CASCADE, related_name="renditions", verbose_name=_("version")
    )
    name = models.CharField(_("name"), max_length=12)
    width = models.PositiveIntegerField(_("width"))
    height = models.PositiveIntegerField(_("height"))
    codecs = models.CharField(max_length=60)
    peak_bps = models.PositiveIntegerField(_("peak bits per second"))
    average_bps = models.PositiveIntegerField(_("average bits per second"))
    bytes = models.PositiveBigIntegerField(_("bytes"))

    class Meta:
        ordering = ("average_bps",)
        verbose_name = _("rendition")
        verbose_name_plural = _("renditions")
        constraints = (
            models.UniqueConstraint(fields=("version", "name"), name="rendition_once_per_version"),
        )

    def __str__(self) -> str:
        return self.name


class PublishedFile(models.Model):
    """A file of a version as it was published, by name. Versions from before these rows existed have none."""

    center_path = "version__video__center"

    version = models.ForeignKey(
        PublishedVersion, models.CASCADE, related_name="files", verbose_name=_("version")
    )
    name = models.CharField(_("file name"), max_length=60)
    bytes = models.PositiveBigIntegerField(_("bytes"))
    sha256 = models.CharField(max_length=64)

    class Meta:
        ordering = ("name",)
        verbose_name = _("published file")
        verbose_name_plural = _("published files")
        constraints = (
            models.UniqueConstraint(fields=("version", "name"), name="published_file_once_per_version"),
        )

    def __str__(self) -> str:
        return self.name
