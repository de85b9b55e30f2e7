"""Who looked at the pages of a trainee as the trainee sees them, when and why."""

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

LONGEST_REASON = 200
# Longer than a call takes; what goes on later begins again, with a reason.
VIEW_FOR = dt.timedelta(minutes=15)


class ViewAs(models.Model):
    """A member of staff sees the pages of a trainee, to read only. The trainee is told when it begins.

    It is in the session of staff by its key; no session of the trainee is made. Deleted after `SITE_NOTICE_DAYS`; the audit trail
    keeps it.
    """

    center_path = "person__registered_at"
    person_path = "person"
    # The row whose page shows this one.
    page_path = "person"

    person = models.ForeignKey(
        "accounts.Person", models.PROTECT, related_name="views_by_staff", verbose_name=_("person")
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("looked at by")
    )
    # For whom; empty for the ministry.
    center = models.ForeignKey(
        "accounts.Center", models.PROTECT, null=True, related_name="+", verbose_name=_("center")
    )
    reason = models.CharField(_("reason"), max_length=LONGEST_REASON)
    began_at = models.DateTimeField(_("began at"), default=timezone.now)
    until = models.DateTimeField(_("until"))
    ended_at = models.DateTimeField(_("ended at"), null=True)

    class Meta:
        ordering = ("-began_at", "-pk")
        verbose_name = _("view of a trainee's pages")
        verbose_name_plural = _("views of trainees' pages")
        constraints = (
            models.CheckConstraint(condition=Q(until__gt=F("began_at")), name="view_as_is_bounded"),
            models.CheckConstraint(condition=~Q(reason=""), name="view_as_has_a_reason"),
        )
        indexes = (
            models.Index(fields=("person", "-began_at"), name="view_as_of_person"),
            models.Index(fields=("began_at",), name="view_as_by_age"),
        )

    def __str__(self) -> str:
        return f"#{self.pk}"
