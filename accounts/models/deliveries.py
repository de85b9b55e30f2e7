"""Letters and short messages that were handed over, and how many short messages a month had."""

from typing import ClassVar

from django.apps import apps
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.enums import DeliveryChannel, DeliveryPurpose, DeliveryState


class Delivery(models.Model):
    """One hand-over of a mail or short message: noted before the gateway is asked, then moved by its answer and reports.

    It has neither the text nor the number: the notices that it carried say what, the contacts of the person say where.
    """

    # What the network answers to a message that it never took.
    REJECTED: ClassVar[str] = "REJECTD"

    person = models.ForeignKey(
        "accounts.Person",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="deliveries",
        verbose_name=_("person"),
    )
    # The label of the model of its notices, like `certificates.notice`; empty for a code.
    about = models.CharField(max_length=60, blank=True)
    purpose = models.CharField(_("purpose"), max_length=6, choices=DeliveryPurpose)
    channel = models.CharField(_("channel"), max_length=5, choices=DeliveryChannel)
    state = models.CharField(_("state"), max_length=11, choices=DeliveryState)
    # Of a short message: what it counts against the month's cap.
    parts = models.PositiveSmallIntegerField(_("parts"), default=0)
    # It repeats one of which it is not known whether it was sent; there is no third.
    is_repeat = models.BooleanField(default=False)
    # What the network calls it, and its last word, like "UNDELIV 001".
    network_id = models.CharField(max_length=80, blank=True)
    answer = models.CharField(max_length=40, blank=True)
    begun_at = models.DateTimeField(_("begun at"), default=timezone.now)
    handed_over_at = models.DateTimeField(_("handed over at"), null=True, blank=True)
    reported_at = models.DateTimeField(_("reported at"), null=True, blank=True)

    class Meta:
        ordering = ("-begun_at", "-pk")
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        indexes = (
            models.Index(fields=("begun_at",), name="delivery_by_age"),
            models.Index(
                fields=("begun_at",),
                condition=Q(
                    channel=DeliveryChannel.SMS,
                    state__in=(DeliveryState.HANDING_OVER, DeliveryState.UNKNOWN, DeliveryState.HANDED_OVER),
                ),
                name="delivery_without_report",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_channel_display()}: {self.words}"

    @property
    def subject(self) -> str:
        """What it was about, for staff."""
        return str(apps.get_model(self.about).subject if self.about else gettext("code"))

    @property
    def words(self) -> str:
        """The state as staff read it."""
        if self.channel == DeliveryChannel.EMAIL and self.state == DeliveryState.HANDED_OVER:
            return gettext("sent")
        if self.state == DeliveryState.FAILED and self.answer.startswith(self.REJECTED):
            return gettext("not delivered: refused by the network")
        return self.get_state_display()


class SmsMonth(models.Model):
    """How many parts of short messages were handed over in a month: one row, changed by single statements."""

    month = models.DateField(_("first day of the month"), primary_key=True)
    parts = models.PositiveIntegerField(_("parts"), default=0)

    class Meta:
        ordering = ("-month",)
        verbose_name = _("short messages of a month")
        verbose_name_plural = _("short messages by month")

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}: {self.parts}"
