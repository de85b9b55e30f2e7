"""Fees that were paid or waived. A certificate for which one is due is not issued before."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Person
from certificates.enums import FeeFor, FeeMeans


class SettledFeeQuerySet(models.QuerySet["SettledFee"]):
    def unused(self) -> "SettledFeeQuerySet":
        """Those for which a certificate or a copy may still be issued."""
        return self.filter(used_at__isnull=True, canceled_at__isnull=True)


class SettledFee(models.Model):
    """The fee of one certificate or copy: paid, with the number of the receipt, or waived, with a reason.

    It belongs to what it was paid for, not to a proposal, so that it counts in the next one, too. Triggers keep all but its end:
    it is used by what was issued, or canceled before.
    """

    center_path = "center"

    center = models.ForeignKey(
        "accounts.Center", models.PROTECT, related_name="settled_fees", verbose_name=_("center")
    )
    type = models.ForeignKey(
        "certificates.CredentialType", models.PROTECT, related_name="+", verbose_name=_("kind of certificate")
    )
    due_for = models.CharField(_("due for"), max_length=8, choices=FeeFor)
    # One of the two: what was completed, or the certificate that is copied, renewed or followed by another one.
    enrollment = models.ForeignKey(
        "courses.Enrollment",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="settled_fees",
        verbose_name=_("enrollment"),
    )
    credential = models.ForeignKey(
        "certificates.Credential",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="settled_fees",
        verbose_name=_("certificate"),
    )
    means = models.CharField(_("settled by"), max_length=10, choices=FeeMeans)
    number = models.CharField(_("number of the receipt"), max_length=40, blank=True)
    # The number without what people write differently: see `certificates.services.fees.key_of_number`.
    number_key = models.CharField(max_length=40, blank=True, editable=False)
    amount = models.DecimalField(_("amount in Egyptian pounds"), max_digits=8, decimal_places=2)
    paid_on = models.DateField(_("date"))
    reason = models.CharField(_("reason of the waiver"), max_length=300, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("recorded by")
    )
    at = models.DateTimeField(_("recorded at"), default=timezone.now)
    used_at = models.DateTimeField(_("issued at"), null=True, blank=True)
    canceled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("canceled by"),
    )
    canceled_at = models.DateTimeField(_("canceled at"), null=True, blank=True)
    cancel_reason = models.CharField(_("why it was canceled"), max_length=300, blank=True)

    objects = SettledFeeQuerySet.as_manager()

    class Meta:
        ordering = ("-at", "-pk")
        verbose_name = _("settled fee")
        verbose_name_plural = _("settled fees")
        constraints = (
            models.CheckConstraint(
                condition=Q(enrollment__isnull=True) ^ Q(credential__isnull=True),
                name="settled_fee_of_one_subject",
            ),
            models.CheckConstraint(
                condition=Q(means=FeeMeans.WAIVER, number="", number_key="") & ~Q(reason="")
                | ~Q(means=FeeMeans.WAIVER) & ~Q(number="") & ~Q(number_key="") & Q(reason=""),
                name="settled_fee_has_a_number_or_a_reason",
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="settled_fee_of_some_amount"),
            models.CheckConstraint(
                condition=Q(canceled_at__isnull=True, canceled_by__isnull=True, cancel_reason="")
                | Q(canceled_at__isnull=False, canceled_by__isnull=False, used_at__isnull=True)
                & ~Q(cancel_reason=""),
                name="settled_fee_canceled_with_a_reason",
            ),
            models.UniqueConstraint(
                fields=("enrollment", "type", "due_for"),
                condition=Q(canceled_at__isnull=True, used_at__isnull=True),
                name="settled_fee_once_for_an_enrollment",
            ),
            models.UniqueConstraint(
                fields=("credential", "type", "due_for"),
                condition=Q(canceled_at__isnull=True, used_at__isnull=True),
                name="settled_fee_once_for_a_certificate",
            ),
            # Each cash desk numbers its own receipts; electronic payments are numbered in the whole country.
            models.UniqueConstraint(
                fields=("center", "number_key"),
                condition=Q(canceled_at__isnull=True, means=FeeMeans.CASH_DESK),
                name="receipt_counts_once",
            ),
            models.UniqueConstraint(
                fields=("number_key",),
                condition=Q(canceled_at__isnull=True, means=FeeMeans.ELECTRONIC),
                name="electronic_payment_counts_once",
            ),
        )

    def __str__(self) -> str:
        return self.number or str(self.get_means_display())

    @property
    def is_waiver(self) -> bool:
        return self.means == FeeMeans.WAIVER

    @property
    def is_open(self) -> bool:
        """Whether it may be canceled, or used by what is issued."""
        return self.used_at is None and self.canceled_at is None

    @property
    def in_words(self) -> str:
        """How it was settled, with the number of the receipt: read from left to right."""
        number = f" \u2066{self.number}\u2069" if self.number else ""
        return f"{self.get_means_display()}{number}"

    # Its heading in lists.
    in_words.fget.short_description = _("settled by")  # type: ignore[attr-defined]

    @property
    def holder(self) -> Person | None:
        """Whose certificate it is for."""
        if self.enrollment:
            return self.enrollment.person
        return self.credential.holder if self.credential else None

    @property
    def holder_id(self) -> int | None:
        return self.holder.pk if self.holder else None

    @property
    def state(self) -> str:
        if self.canceled_at:
            return str(_("canceled"))
        return str(_("issued") if self.used_at else _("waits for the certificate"))
