"""How videos are watched: anonymous sums, and sessions kept for two days so that nothing is counted twice."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class WatchSession(models.Model):
    """One page view in which the player played. Removed after 48 h; the sums stay."""

    center_path = "video__center"

    video = models.ForeignKey(
        "media_pipeline.Video", models.CASCADE, related_name="watch_sessions", verbose_name=_("video")
    )
    # The keyed hash of the login, as in the address; not reversible without MEDIA_LINK_SECRET.
    viewer = models.CharField(max_length=16)
    key = models.CharField(max_length=22)
    # Bitmaps, little-endian: the numbers of the batches counted, the buckets seen.
    received = models.BinaryField(default=b"")
    seen = models.BinaryField(default=b"")
    # Milliseconds its batches claim to cover, at most the time since `opened_at`.
    covered = models.PositiveBigIntegerField(default=0)
    opened_at = models.DateTimeField(_("opened at"))

    class Meta:
        verbose_name = _("viewing")
        verbose_name_plural = _("viewings")
        constraints = (models.UniqueConstraint(fields=("video", "viewer", "key"), name="watch_session_once"),)
        indexes = (models.Index(fields=("opened_at",), name="watch_session_age"),)

    def __str__(self) -> str:
        return self.key


class WatchTally(models.Model):
    """The sums of one video over all who watched it in a lesson."""

    center_path = "video__center"

    video = models.OneToOneField(
        "media_pipeline.Video",
        models.CASCADE,
        primary_key=True,
        related_name="watching",
        verbose_name=_("video"),
    )
    views = models.PositiveBigIntegerField(_("views"), default=0)
    finished = models.PositiveBigIntegerField(_("watched to the end"), default=0)
    # 63 bits, one of them set by each viewer: the number of set bits is a lower bound of the number of viewers, and does not
    # identify them.
    viewer_bits = models.BigIntegerField(default=0)
    stalls = models.PositiveBigIntegerField(_("stalls"), default=0)
    stalled = models.PositiveBigIntegerField(_("milliseconds stalled"), default=0)
    bytes = models.PositiveBigIntegerField(_("bytes"), default=0)
    # Starts within 1, 2, 5, 10 and 30 s (`telemetry.START_SLOTS_MS`), and later ones.
    starts_0 = models.PositiveBigIntegerField(default=0)
    starts_1 = models.PositiveBigIntegerField(default=0)
    starts_2 = models.PositiveBigIntegerField(default=0)
    starts_3 = models.PositiveBigIntegerField(default=0)
    starts_4 = models.PositiveBigIntegerField(default=0)
    starts_5 = models.PositiveBigIntegerField(default=0)

    class Meta:
        verbose_name = _("watching of a video")
        verbose_name_plural = _("watching of videos")

    def __str__(self) -> str:
        return str(self.video_id)

    @property
    def starts(self) -> list[int]:
        return [
            self.starts_0,
            self.starts_1,
            self.starts_2,
            self.starts_3,
            self.starts_4,
            self.starts_5,
        ]


class BucketTally(models.Model):
    """5 s of a video: in how many viewings it was seen, and how often it was played in all."""

    center_path = "video__center"

    video = models.ForeignKey(
        "media_pipeline.Video", models.CASCADE, related_name="bucket_tallies", verbose_name=_("video")
    )
    bucket = models.PositiveIntegerField()
    views = models.PositiveBigIntegerField(_("views"), default=0)
    plays = models.PositiveBigIntegerField(_("plays"), default=0)

    class Meta:
        ordering = ("bucket",)
        verbose_name = _("part of a video")
        verbose_name_plural = _("parts of videos")
        constraints = (models.UniqueConstraint(fields=("video", "bucket"), name="bucket_tally_once"),)

    def __str__(self) -> str:
        return str(self.bucket)


class RenditionTally(models.Model):
    """How long a video was played in one quality."""

    center_path = "video__center"

    video = models.ForeignKey(
        "media_pipeline.Video", models.CASCADE, related_name="rendition_tallies", verbose_name=_("video")
    )
    rendition = models.CharField(_("quality"), max_length=12)
    played = models.PositiveBigIntegerField(_("milliseconds played"), default=0)

    class Meta:
        ordering = ("rendition",)
        verbose_name = _("quality watched")
        verbose_name_plural = _("qualities watched")
        constraints = (models.UniqueConstraint(fields=("video", "rendition"), name="rendition_tally_once"),)

    def __str__(self) -> str:
        return self.rendition
