"""What a person is given in tests because of a disability, an illness or the like: more time, breaks, somebody who reads, larger text."""

from decimal import Decimal
from fractions import Fraction

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

LEAST_FACTOR, MOST_FACTOR = Decimal(1), Decimal(3)
MOST_BREAKS = 240

# An equality usable under GiST without btree_gist, which the embedded server does not ship.
_SAME_PERSON = Func(F("person_id"), F("person_id"), Value("[]"), function="int8range")
# A last day that is not set is never.
_DAYS = Func(F("since"), F("until"), Value("[]"), function="daterange")


class Accommodation(models.Model):
    """Of the person: it holds in every center. It is given, and ended; what it gives is never changed, as attempts were held by it.

    Why it was given is in a row of its own, which an erasure deletes (`AccommodationReason`).
    """

    center_path = "person__enrollments__cohort__center"
    person_path = "person"
    # The row whose page shows this one.
    page_path = "person"

    person = models.ForeignKey(
        "accounts.Person", models.PROTECT, related_name="accommodations", verbose_name=_("person")
    )
    # What a time limit is multiplied with.
    factor = models.DecimalField(
        _("factor of the time"), max_digits=3, decimal_places=2, default=LEAST_FACTOR
    )
    break_minutes = models.PositiveSmallIntegerField(_("minutes of breaks that do not count"), default=0)
    has_reader = models.BooleanField(_("somebody reads the questions aloud"), default=False)
    has_large_text = models.BooleanField(_("larger text"), default=False)
    since = models.DateField(_("first day"))
    until = models.DateField(_("last day"), null=True, blank=True)
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("given by")
    )
    given_at = models.DateTimeField(_("given at"), default=timezone.now)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("ended by"),
    )
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    class Meta:
        ordering = ("-since", "-pk")
        verbose_name = _("accommodation in tests")
        verbose_name_plural = _("accommodations in tests")
        constraints = (
            models.CheckConstraint(
                condition=Q(factor__range=(LEAST_FACTOR, MOST_FACTOR)), name="accommodation_factor_in_range"
            ),
            models.CheckConstraint(
                condition=Q(break_minutes__lte=MOST_BREAKS), name="accommodation_breaks_in_range"
            ),
            models.CheckConstraint(
                condition=Q(factor__gt=1)
                | Q(break_minutes__gt=0)
                | Q(has_reader=True)
                | Q(has_large_text=True),
                name="accommodation_gives_something",
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")), name="accommodation_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None) | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="accommodation_is_ended_by_somebody",
            ),
            ExclusionConstraint(
                name="accommodation_one_at_a_time",
                expressions=((_SAME_PERSON, RangeOperators.OVERLAPS), (_DAYS, RangeOperators.OVERLAPS)),
                condition=Q(ended_at=None),
            ),
        )

    def __str__(self) -> str:
        return f"#{self.pk}"

    @property
    def exact_factor(self) -> Fraction:
        return Fraction(self.factor)


class AccommodationReason(models.Model):
    """Why it was given and ended: often about health, so it is encrypted, and read by those only who may give and end it."""

    center_path = "accommodation__person__enrollments__cohort__center"
    person_path = "accommodation__person"
    page_path = "accommodation__person"

    accommodation = models.OneToOneField(
        Accommodation, models.PROTECT, related_name="reason", verbose_name=_("accommodation in tests")
    )
    # As `accounts.services.field_encryption` writes it.
    given_for_encrypted = models.BinaryField()
    ended_for_encrypted = models.BinaryField(default=b"")

    class Meta:
        verbose_name = _("reason of an accommodation")
        verbose_name_plural = _("reasons of accommodations")

    def __str__(self) -> str:
        return f"#{self.pk}"
