"""Paper certificates from before the register that are being entered into it."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from certificates.enums import BatchState, PaperState


class LegacyBatch(models.Model):
    """One index of a paper archive: certificates of one kind and one center."""

    center_path = "center"

    center = models.ForeignKey(
        "accounts.Center", models.PROTECT, related_name="legacy_batches", verbose_name=_("center")
    )
    type = models.ForeignKey(
        "certificates.CredentialType",
        models.PROTECT,
        related_name="+",
        verbose_name=_("kind of certificate"),
    )
    index_name = models.CharField(_("index file"), max_length=120)
    index_sha256 = models.CharField(max_length=64)
    state = models.CharField(_("state"), max_length=4, choices=BatchState, default=BatchState.OPEN)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("uploaded by")
    )
    uploaded_at = models.DateTimeField(_("uploaded at"))

    class Meta:
        ordering = ("-uploaded_at", "-pk")
        verbose_name = _("batch of paper certificates")
        verbose_name_plural = _("batches of paper certificates")
        constraints = (
            models.UniqueConstraint(
                fields=("center", "type", "index_sha256"), name="legacy_batch_same_index_once"
            ),
        )

    def __str__(self) -> str:
        return self.index_name


class LegacyPaper(models.Model):
    """A typed paper certificate and its scan. One person types it, another compares it."""

    center_path = "batch__center"
    person_path = "person"

    batch = models.ForeignKey(LegacyBatch, models.PROTECT, related_name="papers", verbose_name=_("batch"))
    line = models.PositiveIntegerField(_("line"), help_text=_("Line of the index file."))
    # Texts as typed by field name, see `certificates.legacy.reading.FIELDS`.
    typed = models.JSONField()
    # Of `typed`, for comparing: the number in 0-9 and the year of issue.
    number = models.CharField(_("number"), max_length=40, blank=True)
    issued_on = models.DateField(_("issued on"), null=True, blank=True)
    # The national number, encrypted until the certificate is in the register; then only its last four digits are stored.
    national_number_encrypted = models.BinaryField(blank=True, default=b"")
    last4 = models.CharField(_("last four"), max_length=4, blank=True)
    # The holder, if found by the national number.
    person = models.ForeignKey(
        "accounts.Person",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("holder"),
    )
    # Name inside the private storage.
    scan = models.CharField(_("scan"), max_length=200, blank=True)
    scan_type = models.CharField(max_length=20, blank=True)
    scan_sha256 = models.CharField(max_length=64, blank=True)
    scan_pages = models.PositiveSmallIntegerField(default=0)
    scan_size = models.PositiveIntegerField(_("bytes"), default=0)
    # [{"field": …, "code": a `Fault`, "detail": …}]
    faults = models.JSONField(_("to be corrected"), default=list, blank=True)
    state = models.CharField(_("state"), max_length=8, choices=PaperState, default=PaperState.TYPED)
    note = models.CharField(_("note"), max_length=300, blank=True)
    typed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("typed by")
    )
    typed_at = models.DateTimeField(_("typed at"))
    # Logins of all who typed any part of it: none of them may compare it.
    typists = ArrayField(models.BigIntegerField())
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("checked by"),
    )
    checked_at = models.DateTimeField(_("checked at"), null=True, blank=True)
    credential = models.OneToOneField(
        "certificates.Credential",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="paper",
        verbose_name=_("certificate"),
    )

    class Meta:
        ordering = ("batch_id", "line")
        verbose_name = _("paper certificate")
        verbose_name_plural = _("paper certificates")
        constraints = (
            models.UniqueConstraint(fields=("batch", "line"), name="legacy_paper_line_unique"),
            models.UniqueConstraint(fields=("scan",), condition=~Q(scan=""), name="legacy_paper_scan_unique"),
            models.CheckConstraint(
                condition=Q(checked_by__isnull=True) | ~Q(typists__overlap=[F("checked_by")]),
                name="legacy_paper_checked_by_another_person",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[PaperState.CHECKED, PaperState.ENTERED], checked_by__isnull=False)
                | Q(state__in=[PaperState.TYPED, PaperState.RETURNED], checked_by__isnull=True),
                name="legacy_paper_checked_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(state=PaperState.ENTERED, credential__isnull=False)
                | (~Q(state=PaperState.ENTERED) & Q(credential__isnull=True)),
                name="legacy_paper_entered_with_a_certificate",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[PaperState.CHECKED, PaperState.ENTERED]) | Q(faults=[]),
                name="legacy_paper_checked_without_fault",
            ),
        )
        indexes = (models.Index(fields=("number",), name="legacy_paper_number"),)

    def __str__(self) -> str:
        return self.typed.get("number") or f"{self.batch_id}: {self.line}"

    @property
    def version(self) -> str:
        """The version of the row that a checker saw: it changes with every typing."""
        return self.typed_at.isoformat()

    @property
    def name(self) -> str:
        return self.typed.get("name_ar", "")
