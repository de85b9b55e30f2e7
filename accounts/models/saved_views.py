"""What members of staff keep about a list: a filter, an order and columns under a name."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

# Of one list, for one login; and shared in one center.
MOST_VIEWS = 20
LONGEST_NAME_OF_VIEW = 60


class SavedView(models.Model):
    """A view of a list by its owner. Without a name, only the columns that the owner chose for the list.

    `list_name` is the name of the list's address. `parameters` are those of the list's own filter form, each a list of texts; they are
    validated by that form for whom they are opened, and no address is stored. The colleagues of `center` see it, too.
    """

    center_path = "center"

    owner = models.ForeignKey(
        "accounts.User", models.CASCADE, related_name="saved_views", verbose_name=_("login")
    )
    list_name = models.CharField(max_length=80)
    name = models.CharField(_("name"), max_length=LONGEST_NAME_OF_VIEW, blank=True)
    parameters = models.JSONField(default=dict)
    # Names of columns in their order; empty is all of them in that of the list.
    columns = models.JSONField(default=list)
    is_default = models.BooleanField(_("opens with the list"), default=False)
    center = models.ForeignKey(
        "accounts.Center", models.SET_NULL, null=True, blank=True, verbose_name=_("shared in the center")
    )
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("name", "pk")
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        constraints = (
            models.UniqueConstraint(fields=("owner", "list_name", "name"), name="saved_view_named_once"),
            models.UniqueConstraint(
                fields=("owner", "list_name"),
                condition=models.Q(is_default=True),
                name="saved_view_one_default",
            ),
            models.CheckConstraint(
                condition=~models.Q(name="") | models.Q(is_default=False, center=None, parameters={}),
                name="saved_view_without_a_name_is_columns",
            ),
        )
        indexes = (
            models.Index(
                fields=("center", "list_name"),
                condition=models.Q(center__isnull=False),
                name="saved_view_of_center",
            ),
        )

    def __str__(self) -> str:
        return self.name or self.list_name
