"""What staff write down about a person."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

LONGEST_NOTE = 1000


class PersonNote(models.Model):
    """A note of staff about a person, for staff of the same center. Append-only; a merge moves it to the kept record.

    The person reads it in the file of their own data (law 151/2020, article 2), and on no page.
    """

    # Where the person was registered when it was written: a center that gets to know the person later does not read it.
    center_path = "center"
    person_path = "person"
    # The row whose page shows this one.
    page_path = "person"

    person = models.ForeignKey(
        "accounts.Person", models.PROTECT, related_name="notes", verbose_name=_("person")
    )
    center = models.ForeignKey(
        "accounts.Center",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("center"),
    )
    text = models.CharField(_("note"), max_length=LONGEST_NOTE)
    by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", verbose_name=_("written by"))
    at = models.DateTimeField(_("written at"), db_default=Now())

    class Meta:
        ordering = ("-at", "-pk")
        verbose_name = _("note about a person")
        verbose_name_plural = _("notes about people")
        indexes = (models.Index(fields=("person", "-at", "-id"), name="person_note_newest"),)

    def __str__(self) -> str:
        return self.text[:60]
