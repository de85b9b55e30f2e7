"""The content a cohort is taught: units as they were when it was pinned to them."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from courses.enums import CorrectionReason


class PinnedUnit(models.Model):
    """A unit in one language as it was published when a version took it. Immutable; versions share what did not change."""

    # The unit page's translation_key.
    unit_key = models.UUIDField(_("unit"))
    locale = models.ForeignKey(
        "wagtailcore.Locale", models.PROTECT, related_name="+", verbose_name=_("language")
    )
    # The model of the page, like "courses.lessonpage", and the key that the page had.
    kind = models.CharField(max_length=100)
    page_id = models.PositiveIntegerField()
    # The page's fields by name (`UnitPage.pinned_content`).
    content = models.JSONField()
    # SHA-256, in hexadecimal, of the kind, the content and the version of the video.
    digest = models.CharField(max_length=64)
    # Of a lesson with a video: the version it had, or, where none was ready, the first one after that.
    video = models.ForeignKey(
        "media_pipeline.Video",
        models.SET_NULL,
        null=True,
        related_name="pinned_units",
        verbose_name=_("video"),
    )
    video_version = models.ForeignKey(
        "media_pipeline.PublishedVersion",
        models.SET_NULL,
        null=True,
        related_name="pinned_units",
        verbose_name=_("version of the video"),
    )

    class Meta:
        verbose_name = _("pinned unit")
        verbose_name_plural = _("pinned units")
        constraints = (
            models.UniqueConstraint(
                fields=("unit_key", "locale", "digest"), name="pinned_unit_once_per_content"
            ),
        )

    def __str__(self) -> str:
        return f"{self.unit_key}/{self.locale_id}"


class PinnedFile(models.Model):
    """A picture or a file that a pinned unit shows: neither is deleted or replaced from now on."""

    unit = models.ForeignKey(PinnedUnit, models.PROTECT, related_name="files", verbose_name=_("pinned unit"))
    image = models.ForeignKey("wagtailimages.Image", models.PROTECT, null=True, related_name="+")
    document = models.ForeignKey("wagtaildocs.Document", models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("pinned file")
        verbose_name_plural = _("pinned files")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(image__isnull=True) ^ models.Q(document__isnull=True),
                name="pinned_file_is_a_picture_or_a_document",
            ),
        )

    def __str__(self) -> str:
        return f"{self.unit_id}: {self.image_id or self.document_id}"


class ContentVersion(models.Model):
    """The units of a program at the time when a cohort was pinned to them. Only an urgent correction changes it."""

    program = models.ForeignKey(
        "courses.ProgramPage", models.PROTECT, related_name="content_versions", verbose_name=_("program")
    )
    number = models.PositiveIntegerField(_("version"))
    # In teaching order: [{"unit": translation_key, "kind": "lesson", "title": str, "titles": {language: str},
    # "required": bool, "completes_by": CompletesBy, "pinned": {language: pk of PinnedUnit}}, ...]. The plain title is of the
    # program's source language.
    units = models.JSONField(default=list)
    frozen_at = models.DateTimeField(_("frozen at"))

    class Meta:
        ordering = ("program_id", "-number")
        verbose_name = _("content version")
        verbose_name_plural = _("content versions")
        constraints = (
            models.UniqueConstraint(fields=("program", "number"), name="content_version_number_unique"),
        )

    def __str__(self) -> str:
        return gettext("version %(number)s") % {"number": self.number}


class UrgentCorrection(models.Model):
    """A unit that was changed for running cohorts, too. Append-only.

    The database lets a content version change only in the transaction that adds such a row.
    """

    version = models.ForeignKey(
        ContentVersion, models.PROTECT, related_name="corrections", verbose_name=_("content version")
    )
    unit_key = models.UUIDField(_("unit"))
    # The unit's entry in `ContentVersion.units`; `after` is null where the unit was taken out.
    before = models.JSONField()
    after = models.JSONField(null=True)
    reason = models.CharField(_("reason"), max_length=8, choices=CorrectionReason)
    # Shown to the trainees of the cohorts.
    note = models.CharField(_("what changed"), max_length=300)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("corrected by")
    )
    at = models.DateTimeField(_("corrected at"), db_default=Now())

    class Meta:
        ordering = ("-at", "-pk")
        verbose_name = _("urgent correction")
        verbose_name_plural = _("urgent corrections")
        indexes = (models.Index(fields=("version", "unit_key"), name="urgent_correction_of_unit"),)

    def __str__(self) -> str:
        return f"{self.version_id}/{self.unit_key}"
