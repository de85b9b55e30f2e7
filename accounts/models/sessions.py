"""Open sessions of logins, as shown to their holders."""

from django.contrib.sessions.models import Session
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.logins import User


class LoginSession(models.Model):
    """What the holder sees of one session. Deleted together with the row of Django's session."""

    session = models.OneToOneField(Session, models.CASCADE, related_name="+")
    user = models.ForeignKey(User, models.CASCADE, related_name="sessions", verbose_name=_("login"))
    # The User-Agent header; it is interpreted when it is shown.
    user_agent = models.CharField(max_length=200, blank=True)
    address = models.GenericIPAddressField(_("address"), null=True)
    began_at = models.DateTimeField(_("since"), default=timezone.now)
    last_seen_at = models.DateTimeField(_("last seen"), default=timezone.now)

    class Meta:
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        ordering = ("-last_seen_at", "-pk")
        indexes = (models.Index(fields=("user", "-last_seen_at"), name="sessions_of_a_login"),)

    def __str__(self) -> str:
        return f"{self.user_id}: {self.address}"
