"""The daily message: which notices come with it, at which hour, and each that was made."""

import datetime as dt
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.enums import NoticeState
from accounts.models.notices import UNTOLD, PersonalNotice
from jobs.models import LeasedJob

# Outside of the quiet hours.
FIRST_HOUR, LAST_HOUR = 7, 21
USUAL_HOUR = 18


class GatheredNotice(models.Model):
    """A courtesy that a person wants with the daily message. Without a row it is sent at once."""

    center_path = "person__registered_at"
    person_path = "person"

    person = models.ForeignKey(
        "accounts.Person", models.PROTECT, related_name="gathered_notices", verbose_name=_("person")
    )
    topic = models.CharField(max_length=30)
    since = models.DateTimeField(_("since"), default=timezone.now)

    class Meta:
        ordering = ("topic",)
        verbose_name = _("notice of the daily message")
        verbose_name_plural = _("notices of the daily message")
        constraints = (models.UniqueConstraint(fields=("person", "topic"), name="notice_gathered_once"),)

    def __str__(self) -> str:
        return self.topic


class Digest(models.Model):
    """When and how a person gets the daily message. `due_at` is empty as long as nothing waits for it."""

    center_path = "person__registered_at"
    person_path = "person"

    person = models.OneToOneField(
        "accounts.Person", models.PROTECT, related_name="digest", verbose_name=_("person")
    )
    hour = models.PositiveSmallIntegerField(_("hour"), default=USUAL_HOUR)
    # Where the person has no e-mail address. Without it, what was gathered is on the site only.
    is_sent_short = models.BooleanField(_("by short message"), default=False)
    due_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering = ("pk",)
        verbose_name = _("daily message")
        verbose_name_plural = _("daily messages")
        constraints = (
            models.CheckConstraint(
                condition=Q(hour__range=(FIRST_HOUR, LAST_HOUR)), name="digest_outside_quiet_hours"
            ),
        )
        indexes = (models.Index(fields=("id",), condition=Q(due_at__isnull=False), name="digest_due"),)

    def __str__(self) -> str:
        return f"{self.hour}:00"


class DigestRun(LeasedJob):
    """Makes the daily messages that are due at an hour, in batches by their keys; `reached` is the last one of a batch."""

    # Jobs of the whole ministry.
    center_path = None
    task_name = "accounts.tasks.make_digests"
    lease = dt.timedelta(minutes=2)
    backoff: ClassVar[tuple[dt.timedelta, ...]] = (dt.timedelta(seconds=10), dt.timedelta(minutes=1))

    hour = models.DateTimeField(_("hour"), unique=True)
    reached = models.PositiveBigIntegerField(default=0, editable=False)

    class Meta(LeasedJob.Meta):
        ordering = ("-hour",)
        verbose_name = _("daily messages of an hour")
        verbose_name_plural = _("daily messages of hours")

    def __str__(self) -> str:
        return f"{timezone.localtime(self.hour):%Y-%m-%d %H:%M}"


class DigestNotice(PersonalNotice):
    """One daily message to one person. What it is about are the `SiteNotice` rows that name it, as far as they are unread."""

    center_path = "person__registered_at"
    person_path = "person"
    subject = _("daily message")
    # It is about what is on the site.
    is_on_site = False

    run = models.ForeignKey(DigestRun, models.PROTECT, related_name="notices")
    person = models.ForeignKey("accounts.Person", models.PROTECT, related_name="+", verbose_name=_("person"))

    class Meta:
        ordering = ("pk",)
        verbose_name = _("daily message to a person")
        verbose_name_plural = _("daily messages to people")
        constraints = (models.UniqueConstraint(fields=("run", "person"), name="digest_notice_once"),)
        indexes = (
            models.Index(
                fields=("due_at",), condition=Q(state=NoticeState.WAITING), name="digest_notice_waiting"
            ),
            models.Index(fields=("id",), condition=UNTOLD, name="digest_notice_untold"),
        )

    def __str__(self) -> str:
        return f"{self.run_id}: {self.person_id}"
