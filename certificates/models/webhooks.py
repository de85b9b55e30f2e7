"""Webhooks: subscriptions of other systems to status events, and their deliveries."""

import datetime as dt

from django.conf import settings
from django.contrib.admin import display
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from certificates.enums import Status
from jobs.enums import OPEN_STATES
from jobs.models import LeasedJob


class Webhook(models.Model):
    """A subscription, set up by the ministry: address and events."""

    center_path = None
    # The secret itself, on the object that was just made and nowhere else.
    shown_once = ""

    name = models.CharField(_("name"), max_length=80, unique=True)
    url = models.URLField(_("address"), max_length=300)
    about = ArrayField(models.CharField(max_length=12, choices=Status), verbose_name=_("told about"))
    # Fernet token: signing needs the plain secret, and a backup must not contain it.
    encrypted_secret = models.TextField(editable=False)
    is_active = models.BooleanField(_("is told"), default=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("made by")
    )
    made_at = models.DateTimeField(_("made at"))

    class Meta:
        ordering = ("name",)
        verbose_name = _("webhook")
        verbose_name_plural = _("webhooks")

    def __str__(self) -> str:
        return self.name


class WebhookDelivery(LeasedJob):
    """One event for one subscription."""

    center_path = None
    task_name = "certificates.deliver"
    message_key = "webhook_id"
    dispatched_if = models.Q(webhook__is_active=True)
    lease = dt.timedelta(minutes=2)
    grace = dt.timedelta(seconds=30)
    # Seconds between attempts, two days in all. Then the delivery fails until staff resend it.
    backoff = tuple(
        dt.timedelta(seconds=seconds) for seconds in (30, 60, 300, 900, 3600, 10_800, 21_600, 43_200, 86_400)
    )
    max_attempts = len(backoff) + 1
    about_related = ("webhook", "event__credential")

    webhook = models.ForeignKey(Webhook, models.PROTECT, related_name="deliveries", verbose_name=_("webhook"))
    event = models.ForeignKey(
        "certificates.StatusEvent", models.PROTECT, related_name="+", verbose_name=_("event")
    )
    # The same for every attempt, so that the receiver can ignore duplicates.
    message_id = models.UUIDField(_("message id"))

    class Meta(LeasedJob.Meta):
        ordering = ("-pk",)
        verbose_name = _("webhook delivery")
        verbose_name_plural = _("webhook deliveries")
        constraints = (
            *LeasedJob.Meta.constraints,
            models.UniqueConstraint(fields=("webhook", "event"), name="webhook_delivery_once"),
            models.UniqueConstraint(fields=("webhook", "message_id"), name="webhook_delivery_message_once"),
        )
        indexes = (
            *LeasedJob.Meta.indexes,
            models.Index(
                fields=("webhook", "due_at"),
                condition=models.Q(state__in=OPEN_STATES),
                name="webhook_delivery_open",
            ),
        )

    def __str__(self) -> str:
        return str(self.message_id)

    @display(description=_("certificate"))
    def number(self) -> str:
        return self.event.credential.number

    @property
    def about(self) -> str:
        return f"{self.webhook}: {self.event.credential.number}"
