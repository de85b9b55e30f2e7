"""Printed certificates, and who collected them."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.enums import DocumentKind


class PrintoutQuerySet(models.QuerySet["Printout"]):
    def current(self) -> "PrintoutQuerySet":
        """Those that were not spoiled."""
        return self.filter(ended_at__isnull=True)

    def waiting(self) -> "PrintoutQuerySet":
        """Those that no one collected yet."""
        collected = Collection.objects.filter(printout=models.OuterRef("pk"), undone_at__isnull=True)
        return self.current().filter(~models.Exists(collected))


class Printout(models.Model):
    """A certificate, or a copy of it, that was printed: the paper for its holder. One that was spoiled is printed again as another one."""

    center_path = "credential__center"
    person_path = "credential__holder"

    credential = models.ForeignKey(
        "certificates.Credential", models.PROTECT, related_name="printouts", verbose_name=_("certificate")
    )
    # None for the original.
    copy = models.ForeignKey(
        "certificates.Copy",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="printouts",
        verbose_name=_("copy"),
    )
    # None where its kind needs no security paper.
    sheet = models.OneToOneField(
        "certificates.Sheet",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="printout",
        verbose_name=_("sheet"),
    )
    printed_at = models.DateTimeField(_("printed at"), default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("recorded by")
    )
    ended_at = models.DateTimeField(_("spoiled at"), null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("spoiled, recorded by"),
    )
    end_reason = models.CharField(_("why it does not count"), max_length=300, blank=True)

    objects = PrintoutQuerySet.as_manager()

    class Meta:
        ordering = ("printed_at", "pk")
        verbose_name = _("printed certificate")
        verbose_name_plural = _("printed certificates")
        constraints = (
            models.UniqueConstraint(
                fields=("credential", "copy"),
                condition=Q(ended_at__isnull=True),
                nulls_distinct=False,
                name="printout_once",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by__isnull=True, end_reason="")
                | Q(ended_at__isnull=False, ended_by__isnull=False) & ~Q(end_reason=""),
                name="printout_ended_with_a_reason",
            ),
        )
        indexes = (
            # What waits is found without reading what was collected in all the years.
            models.Index(fields=("printed_at",), condition=Q(ended_at__isnull=True), name="printout_by_day"),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The number of the certificate, with that of the copy."""
        copy = f" · {_('copy %(number)s') % {'number': self.copy.number}}" if self.copy else ""
        return f"{self.credential.number}{copy}"

    # Its heading in lists.
    name.fget.short_description = _("certificate")  # type: ignore[attr-defined]


class Collection(models.Model):
    """Who collected a printed certificate at the desk. One that was recorded by mistake is undone, with a reason."""

    center_path = "printout__credential__center"
    person_path = "printout__credential__holder"

    printout = models.ForeignKey(
        Printout, models.PROTECT, related_name="collections", verbose_name=_("printed certificate")
    )
    by_holder = models.BooleanField(_("collected in person"))
    # The document that was compared at the desk.
    document_kind = models.CharField(_("identity document"), max_length=12, choices=DocumentKind)
    # Of a representative alone: the holder's own document is on record.
    name = models.CharField(_("name of the representative"), max_length=160, blank=True)
    document_last4 = models.CharField(_("last four signs of the document"), max_length=4, blank=True)
    authority = models.CharField(_("power of attorney, or other reason"), max_length=300, blank=True)
    collected_at = models.DateTimeField(_("collected at"), default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("handed out by")
    )
    undone_at = models.DateTimeField(_("undone at"), null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("undone by"),
    )
    undo_reason = models.CharField(_("why it was undone"), max_length=300, blank=True)

    class Meta:
        ordering = ("-collected_at", "-pk")
        verbose_name = _("collected certificate")
        verbose_name_plural = _("collected certificates")
        constraints = (
            models.UniqueConstraint(
                fields=("printout",), condition=Q(undone_at__isnull=True), name="printout_collected_once"
            ),
            models.CheckConstraint(
                condition=Q(by_holder=True, name="", document_last4="", authority="")
                | Q(by_holder=False) & ~Q(name="") & ~Q(document_last4="") & ~Q(authority=""),
                name="collection_says_who_it_was",
            ),
            models.CheckConstraint(
                condition=Q(undone_at__isnull=True, undone_by__isnull=True, undo_reason="")
                | Q(undone_at__isnull=False, undone_by__isnull=False) & ~Q(undo_reason=""),
                name="collection_undone_with_a_reason",
            ),
        )

    def __str__(self) -> str:
        return str(self.printout)

    @property
    def who(self) -> str:
        """The holder or the representative, by name."""
        return str(self.printout.credential.holder) if self.by_holder else self.name

    @property
    def state(self) -> str:
        return str(pgettext_lazy("of a collection", "undone") if self.undone_at else _("collected"))
