"""The files of a certificate and their render jobs."""

import datetime as dt

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from certificates.enums import FileKind
from jobs.models import LeasedJob


class Artifact(models.Model):
    """A file of a certificate. It is never overwritten; verification of files uses its hash."""

    center_path = "credential__center"

    credential = models.ForeignKey(
        "certificates.Credential", models.PROTECT, related_name="artifacts", verbose_name=_("certificate")
    )
    kind = models.CharField(_("kind"), max_length=8, choices=FileKind, default=FileKind.CERTIFICATE)
    copy = models.ForeignKey(
        "certificates.Copy",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="artifacts",
        verbose_name=_("copy"),
    )
    # Name inside the private storage.
    path = models.CharField(_("file"), max_length=200, unique=True)
    sha256 = models.CharField(max_length=64, db_index=True)
    size = models.PositiveIntegerField(_("bytes"))
    # The key that sealed it; empty for files from before sealing.
    key_id = models.CharField(_("key"), max_length=80, blank=True)
    rendered_at = models.DateTimeField(_("rendered at"))
    # Of an archive: the file at its beginning, which may have several; and the key whose time stamp it has.
    archive_of = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="archives", editable=False
    )
    timestamp_key_id = models.CharField(max_length=60, blank=True, editable=False)

    class Meta:
        ordering = ("credential_id", "pk")
        verbose_name = _("file")
        verbose_name_plural = _("files")
        constraints = (
            models.UniqueConstraint(
                fields=("credential", "kind", "copy"),
                condition=~models.Q(kind=FileKind.ARCHIVE),
                nulls_distinct=False,
                name="artifact_once",
            ),
            models.CheckConstraint(
                condition=models.Q(kind=FileKind.ARCHIVE, archive_of__isnull=False)
                | (~models.Q(kind=FileKind.ARCHIVE) & models.Q(archive_of__isnull=True)),
                name="artifact_archive_of_a_file",
            ),
        )

    def __str__(self) -> str:
        return self.path


class RenderJob(LeasedJob):
    """The drawing of one file."""

    center_path = "credential__center"
    task_name = "certificates.render_chunk"
    # Few enough that two workers share a class.
    ids_in_a_message = 25
    lease = dt.timedelta(seconds=settings.CERTIFICATES_LEASE_SECONDS)
    # Half a minute at the usual lease.
    grace = lease / 6
    about_related = ("credential",)

    credential = models.ForeignKey(
        "certificates.Credential", models.PROTECT, related_name="render_jobs", verbose_name=_("certificate")
    )
    kind = models.CharField(_("kind"), max_length=8, choices=FileKind, default=FileKind.CERTIFICATE)
    copy = models.ForeignKey(
        "certificates.Copy",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="render_jobs",
        verbose_name=_("copy"),
    )

    class Meta(LeasedJob.Meta):
        ordering = ("pk",)
        verbose_name = _("render job")
        verbose_name_plural = _("render jobs")
        constraints = (
            *LeasedJob.Meta.constraints,
            models.UniqueConstraint(
                fields=("credential", "kind", "copy"), nulls_distinct=False, name="render_job_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.credential_id}: {self.state}"

    @property
    def about(self) -> str:
        return self.credential.number
