"""Kinds of certificates and their rules. They are rows, so that a new decree needs no release."""

from decimal import Decimal

from django.core.validators import MinValueValidator, RegexValidator
from django.db import models
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from accounts.services.formatting import format_pounds
from certificates.enums import CredentialKind, FeeFor
from courses.clauses import Clauses


class CredentialType(models.Model):
    """A kind of certificate the ministry issues, such as the license to practice a trade (law 14/2025, art. 27)."""

    center_path = None

    code = models.SlugField(_("code"), max_length=40, unique=True)
    kind = models.CharField(_("kind"), max_length=12, choices=CredentialKind)
    name_ar = models.CharField(_("Arabic name"), max_length=80)
    name_en = models.CharField(_("English name"), max_length=80)
    number_prefix = models.CharField(
        _("prefix of numbers"),
        max_length=6,
        blank=True,
        unique=True,
        validators=[RegexValidator(r"\A([A-Z]+-)?\Z", _("Capital letters and a hyphen, such as LC-."))],
        help_text=_("Comes before the running number, e.g. LC- in CAI-03/2026/LC-000012."),
    )
    template = models.ForeignKey(
        "certificates.CertificateTemplate",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("usual template"),
    )
    is_active = models.BooleanField(_("may be proposed"), default=True)
    needs_security_paper = models.BooleanField(
        _("printed on numbered security paper"),
        default=False,
        help_text=_("Each printed certificate then names the sheet that it is on."),
    )
    shows_sheet = models.BooleanField(
        _("the public page says the number of the sheet"),
        default=False,
        help_text=_("Anyone can then compare it with the paper."),
    )

    class Meta:
        ordering = ("kind", "code")
        verbose_name = _("kind of certificate")
        verbose_name_plural = _("kinds of certificates")

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return self.name_ar if get_language() == "ar" else self.name_en

    # Its heading in lists and on pages of rows.
    name.fget.short_description = _("name")  # type: ignore[attr-defined]


class IssuingRule(models.Model):
    """A version of the requirements of a kind of certificate, beyond the completion rule of the program. Immutable once used."""

    center_path = None

    type = models.ForeignKey(
        CredentialType, models.PROTECT, related_name="rules", verbose_name=_("kind of certificate")
    )
    version = models.PositiveIntegerField(_("version"))
    completed = models.BooleanField(
        _("the program completed"),
        default=True,
        help_text=_("Off for a proof of attendance, which needs no tests."),
    )
    # A list as `courses.clauses` describes it, without those of units and of single tests and tasks, which a program names.
    clauses = models.JSONField(_("what it asks of the evidence"), default=list)
    latin_name = models.BooleanField(_("a name in Latin letters"), default=False)
    identity_document = models.BooleanField(_("an identity document"), default=False)
    prerequisite = models.ForeignKey(
        CredentialType,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("a certificate in force of the kind"),
        help_text=_("A license needs a skill-level certificate."),
    )
    created_at = models.DateTimeField(auto_now_add=True)
    # The audit trail names a row in the language of its reader.
    is_named_in_words = True

    class Meta:
        ordering = ("type_id", "-version")
        verbose_name = _("rule of issuing")
        verbose_name_plural = _("rules of issuing")
        constraints = (
            models.UniqueConstraint(fields=("type", "version"), name="issuing_rule_version_unique"),
        )

    def __str__(self) -> str:
        return gettext("%(kind)s, version %(number)s") % {"kind": self.type, "number": self.version}

    @property
    def asks(self) -> Clauses:
        return Clauses.from_list(self.clauses)


class Term(models.Model):
    """How long a kind of certificate is valid when issued from a date on. Without a row it does not expire."""

    center_path = None

    type = models.ForeignKey(
        CredentialType, models.PROTECT, related_name="terms", verbose_name=_("kind of certificate")
    )
    level = models.ForeignKey(
        "courses.SkillLevel",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("level"),
        help_text=_("Empty: every level that has no term of its own."),
    )
    months = models.PositiveSmallIntegerField(_("months"), validators=[MinValueValidator(1)])
    renewable_days = models.PositiveSmallIntegerField(
        _("renewable, days before the end"), default=90, help_text=_("0 where it cannot be renewed.")
    )
    since = models.DateField(_("for certificates issued since"))

    class Meta:
        ordering = ("type_id", "-since", "level__order")
        verbose_name = _("term")
        verbose_name_plural = _("terms")
        constraints = (
            models.UniqueConstraint(
                fields=("type", "level", "since"), nulls_distinct=False, name="term_once_a_day"
            ),
            models.CheckConstraint(condition=models.Q(months__gte=1), name="term_at_least_a_month"),
        )

    def __str__(self) -> str:
        return f"{self.type}: {self.months}"


class Fee(models.Model):
    """What a certificate, a copy or a renewal costs from a date on. Without a row it is free."""

    center_path = None

    type = models.ForeignKey(
        CredentialType, models.PROTECT, related_name="fees", verbose_name=_("kind of certificate")
    )
    due_for = models.CharField(_("due for"), max_length=8, choices=FeeFor)
    level = models.ForeignKey(
        "courses.SkillLevel",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("level"),
        help_text=_("Empty: every level that has no fee of its own."),
    )
    amount = models.DecimalField(
        _("amount in Egyptian pounds"),
        max_digits=8,
        decimal_places=2,
        validators=[MinValueValidator(Decimal(0))],
    )
    since = models.DateField(_("since"))
    # As rules.
    is_named_in_words = True

    class Meta:
        ordering = ("type_id", "due_for", "-since", "level__order")
        verbose_name = _("fee")
        verbose_name_plural = _("fees")
        constraints = (
            models.UniqueConstraint(
                fields=("type", "due_for", "level", "since"), nulls_distinct=False, name="fee_once_a_day"
            ),
            models.CheckConstraint(condition=models.Q(amount__gte=0), name="fee_not_negative"),
        )

    def __str__(self) -> str:
        return f"{self.type} · {self.get_due_for_display()}: {format_pounds(self.amount)}"
