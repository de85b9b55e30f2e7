"""The photo of a person: private, for themselves and staff who may see them."""

from django.db import models
from django.db.models import F
from django.db.models.functions import Length
from django.db.models.lookups import LessThanOrEqual
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

# Bytes. What lists show has to load at 64 kbit/s.
LARGEST_PICTURE, LARGEST_THUMBNAIL = 100_000, 20_000


class PersonPhoto(models.Model):
    """Both are JPEG files that this site wrote, in the row: they are erased with it, and no address leads to a file.

    Read the pictures only where they are shown: `defer("picture", "thumbnail")`.
    """

    center_path = "person__registered_at"
    person_path = "person"
    # The row whose page shows this one.
    page_path = "person"

    person = models.OneToOneField(
        "accounts.Person", models.PROTECT, related_name="photo", verbose_name=_("person")
    )
    picture = models.BinaryField()
    thumbnail = models.BinaryField()
    # SHA-256 of the picture: browsers ask with it whether they have the newest one.
    digest = models.CharField(max_length=64)
    added_at = models.DateTimeField(_("added at"), default=timezone.now)

    class Meta:
        ordering = ("pk",)
        verbose_name = _("photo")
        verbose_name_plural = _("photos")
        constraints = (
            models.CheckConstraint(
                condition=LessThanOrEqual(Length(F("picture")), LARGEST_PICTURE)
                & LessThanOrEqual(Length(F("thumbnail")), LARGEST_THUMBNAIL),
                name="photo_is_small",
            ),
        )

    def __str__(self) -> str:
        return str(self.person)
