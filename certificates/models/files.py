"""The files of a certificate and the work of drawing them."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from certificates.enums import FileKind, RenderState


class Artifact(models.Model):
    """A file made for a certificate. Never overwritten; its hash is what the register answers for."""

    center_path = "credential__center"

    credential = models.ForeignKey(
        "certificates.Credential", models.PROTECT, related_name="artifacts", verbose_name=_("certificate")
    )
    kind = models.CharField(_("kind"), max_length=8, choices=FileKind, default=FileKind.PAPER)
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
    # The key that sealed it; empty for files from before papers were sealed.
    key_id = models.CharField(_("key"), max_length=80, blank=True)
    rendered_at = models.DateTimeField(_("rendered at"))
    # Of an archive: the file at its beginning, which may have several; and the key whose time stamp it has.
    archive_of = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="archives", editable=False
    )
    stamp_key_id = models.CharField(max_length=60, blank=True, editable=False)

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


class RenderJob(models.Model):
    """The drawing of one file. The row is the truth; the Celery message only rings the bell."""

    center_path = "credential__center"

    credential = models.ForeignKey(
        "certificates.Credential", models.PROTECT, related_name="render_jobs", verbose_name=_("certificate")
    )
    kind = models.CharField(_("kind"), max_length=8, choices=FileKind, default=FileKind.PAPER)
    copy = models.ForeignKey(
        "certificates.Copy",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="render_jobs",
        verbose_name=_("copy"),
    )
    state = models.CharField(_("state"), max_length=8, choices=RenderState, default=RenderState.WAITING)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    error = models.TextField(_("error"), blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    # When a message last asked workers for it.
    rung_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("pk",)
        verbose_name = _("render job")
        verbose_name_plural = _("render jobs")
        constraints = (
            models.UniqueConstraint(
                fields=("credential", "kind", "copy"), nulls_distinct=False, name="render_job_once"
            ),
        )
        indexes = (
            # The sweep and the progress of a batch ask for what is not done; almost all rows are.
            models.Index(
                fields=("state", "created_at"),
                condition=~models.Q(state=RenderState.DONE),
                name="render_job_open",
            ),
        )

    def __str__(self) -> str:
        return f"{self.credential_id}: {self.state}"
