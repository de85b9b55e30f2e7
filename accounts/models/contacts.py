"""How people are reached, with or without a login."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.enums import ContactKind, ContactProof


class ContactQuerySet(models.QuerySet["Contact"]):
    def current(self) -> "ContactQuerySet":
        return self.filter(until=None)

    def reaching(self, person_id: int) -> list["Contact"]:
        """The number and the address of the person, or of the guardian where the person has neither."""
        # One after the other: either of both in one query would read the contacts of everyone.
        return list(self.current().filter(person=person_id)) or list(
            self.current().filter(person__wards=person_id)
        )


class Contact(models.Model):
    """A mobile number or e-mail address of a person. It is ended, never deleted: what was sent there stays explained."""

    center_path = "person__registered_at"
    person_path = "person"
    # The row whose page shows this one.
    page_path = "person"

    person = models.ForeignKey(
        "accounts.Person", models.PROTECT, related_name="contacts", verbose_name=_("person")
    )
    kind = models.CharField(_("kind"), max_length=5, choices=ContactKind)
    value = models.CharField(_("number or address"), max_length=254)
    proved_how = models.CharField(_("proved"), max_length=4, choices=ContactProof, blank=True)
    proved_at = models.DateTimeField(_("proved at"), null=True, blank=True)
    # Of several people, by what they said at the desk: such a number alone never tells who answers.
    is_shared = models.BooleanField(_("shared with another person"), default=False)
    # Two people proved it and the desk was not told what is true: it recovers no password until then.
    is_disputed = models.BooleanField(_("proved by another person, too"), default=False)
    since = models.DateTimeField(_("since"), default=timezone.now)
    until = models.DateTimeField(_("until"), null=True, blank=True)
    # Ended because a desk recorded it as the number of another person alone.
    is_taken = models.BooleanField(default=False, db_default=False, editable=False)

    objects = ContactQuerySet.as_manager()

    class Meta:
        ordering = ("-since", "pk")
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        constraints = (
            models.UniqueConstraint(
                fields=("person", "kind"), condition=Q(until=None), name="contact_one_of_a_kind"
            ),
            models.UniqueConstraint(
                fields=("kind", "value"),
                condition=Q(until=None, is_shared=False, is_disputed=False),
                name="contact_of_one_unless_shared",
            ),
            models.CheckConstraint(
                condition=Q(proved_how="", proved_at=None) | (~Q(proved_how="") & Q(proved_at__isnull=False)),
                name="contact_proved_at_a_time",
            ),
        )
        indexes = (
            models.Index(fields=("kind", "value"), condition=Q(until=None), name="contact_by_value"),
            models.Index(fields=("person",), condition=Q(is_taken=True), name="contact_taken"),
        )

    def __str__(self) -> str:
        return self.value
