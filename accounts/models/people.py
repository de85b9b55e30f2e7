"""People, apart from any login they may have."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from accounts.enums import DocumentKind, Education, Language, Sex


class PersonQuerySet(models.QuerySet["Person"]):
    def records_of(self, person_id: int) -> "PersonQuerySet":
        """The record of a person, and after it those that were merged into it. Ask `Person.everyone`."""
        records = self.filter(Q(pk=person_id) | Q(merged_into=person_id))
        return records.order_by(F("merged_into").asc(nulls_first=True), "pk")


class PersonManager(models.Manager.from_queryset(PersonQuerySet)):  # type: ignore[misc]
    """People, each once: a record that was merged into another one, or was erased, is in no list, search, choice or message."""

    def get_queryset(self) -> PersonQuerySet:
        people: PersonQuerySet = super().get_queryset()
        return people.filter(merged_into=None, erased_at=None)


class Person(models.Model):
    """Who enrolls, attends and is certified. May have no login, and is not deleted with one."""

    center_path = "registered_at"
    # The row's own person, for the audit trail.
    person_path = "pk"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    # Four parts (own, father, grandfather, family); there is no first/last split.
    full_name_ar = models.CharField(_("full name in Arabic"), max_length=160)
    full_name_en = models.CharField(
        _("full name in Latin letters"),
        max_length=160,
        blank=True,
        help_text=_("Exactly as in the passport."),
    )
    # Arabic folding of the typed names (`accounts.services.fold_arabic`), for search and duplicate candidates.
    folded_name = models.CharField(max_length=330, editable=False, db_index=True)
    birth_date = models.DateField(_("date of birth"), null=True, blank=True)
    sex = models.CharField(_("sex"), max_length=6, choices=Sex, blank=True)
    residence_governorate = models.ForeignKey(
        "accounts.Governorate",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="residents",
        verbose_name=_("governorate of residence"),
    )
    education = models.CharField(_("education"), max_length=12, choices=Education, blank=True)
    # Of messages, where there is no login; a login of the person has the same (`accounts.services.preferences`).
    language = models.CharField(
        _("language"), max_length=2, choices=Language, default=Language.ARABIC, db_default=Language.ARABIC
    )
    guardian = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="wards", verbose_name=_("guardian")
    )
    registered_at = models.ForeignKey(
        "accounts.Center",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="people",
        verbose_name=_("registered at"),
    )
    # Of a second record of one person: the record that is kept (`accounts.services.merging`), never one that is merged itself.
    merged_into = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
        verbose_name=_("merged into"),
    )
    # Signed up alone, and nothing of it is proved yet: no card was compared, no number called or proved by a code. What such a person
    # has gives way to people who are proved (`accounts.services.unproved`).
    is_unproved = models.BooleanField(default=False, db_default=False, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    # Why nothing may be erased now: a lawsuit, an inquiry. Empty where nothing forbids it.
    legal_hold = models.CharField(_("legal hold"), max_length=300, blank=True, default="", db_default="")
    # By the clock of the database: triggers compare it with the time of their transaction (`accounts.services.erasing`).
    erased_at = models.DateTimeField(_("erased at"), null=True, editable=False)

    objects = PersonManager()
    everyone = PersonQuerySet.as_manager()

    class Meta:
        ordering = ("folded_name", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(merged_into=None) | ~Q(merged_into=F("pk")), name="person_merged_into_another"
            ),
            models.CheckConstraint(
                condition=Q(erased_at=None)
                | Q(full_name_ar="", full_name_en="", folded_name="", birth_date=None, guardian=None),
                name="person_erased_has_no_name",
            ),
        )
        verbose_name = _("person")
        verbose_name_plural = _("people")

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        if self.erased_at is not None:
            return gettext("erased person %(number)s") % {"number": self.pk}
        return self.full_name_ar if get_language() == "ar" or not self.full_name_en else self.full_name_en


class IdentityDocument(models.Model):
    """A national ID or passport. The number is kept encrypted; a keyed hash makes it unique; four digits are shown."""

    center_path = "person__registered_at"
    person_path = "person"
    # The row whose page shows this one.
    page_path = "person"

    person = models.ForeignKey(Person, models.PROTECT, related_name="documents", verbose_name=_("person"))
    kind = models.CharField(_("kind"), max_length=12, choices=DocumentKind)
    country = models.CharField(_("country"), max_length=2, default="EG", help_text=_("ISO 3166-1 code."))
    number_encrypted = models.BinaryField()
    number_hmac = models.CharField(max_length=64)
    last4 = models.CharField(_("last four"), max_length=4)
    expires_on = models.DateField(_("expires on"), null=True, blank=True)
    # The check digit of a national number does not fit the others: a digit may be mistyped. How it is made is not published officially.
    is_suspect = models.BooleanField(_("may be mistyped"), default=False, db_default=False, editable=False)

    class Meta:
        verbose_name = _("identity document")
        verbose_name_plural = _("identity documents")
        constraints = (
            models.UniqueConstraint(
                fields=("kind", "country", "number_hmac"), name="identity_document_unique"
            ),
        )

    def __str__(self) -> str:
        # Isolated: in an Arabic line the dots would be drawn after the digits.
        return f"{self.get_kind_display()} \u2066••••{self.last4}\u2069"
