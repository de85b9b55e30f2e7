"""API clients: each has a key, of which only the hash is stored."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from certificates.enums import ClientScope


class ApiClient(models.Model):
    """A client with an API key, such as a system of another ministry."""

    center_path = None
    # The key itself, on the object that was just made and nowhere else.
    shown_once = ""

    name = models.CharField(_("name"), max_length=80, unique=True)
    scopes = ArrayField(
        models.CharField(max_length=12, choices=ClientScope), verbose_name=_("allowed to"), default=list
    )
    codes_per_minute = models.PositiveIntegerField(
        _("certificates a minute"), default=5000, validators=[MinValueValidator(1)]
    )
    # SHA-256 in hex. The key has 256 random bits, so a slow hash would protect nothing.
    key_hash = models.CharField(max_length=64, unique=True, editable=False)
    # Its beginning, by which people tell keys apart.
    key_hint = models.CharField(_("key"), max_length=12, editable=False)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("made by")
    )
    made_at = models.DateTimeField(_("made at"))
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    class Meta:
        ordering = ("name",)
        verbose_name = _("API client")
        verbose_name_plural = _("API clients")

    def __str__(self) -> str:
        return self.name

    @property
    def scopes_in_words(self) -> str:
        return " · ".join(str(ClientScope(scope).label) for scope in self.scopes)


class ApiUse(models.Model):
    """The number of certificates that a client asked about in a minute. It is counted by an upsert, across processes."""

    client = models.ForeignKey(ApiClient, models.CASCADE, related_name="uses")
    minute = models.DateTimeField()
    codes = models.PositiveIntegerField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("client", "minute"), name="api_use_once_a_minute"),)

    def __str__(self) -> str:
        return f"{self.client_id}: {self.codes}"
