"""Notices that people may switch off, and those that they switched off."""

from typing import NamedTuple

from django.db import models
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.enums import DeliveryChannel


class Courtesy(NamedTuple):
    """Kinds of notices without which a person misses nothing: each may be switched off by its channel.

    `topic` is what is stored. `is_sent_short` says whether such a notice is ever a short message, `may_wait` whether it may come with
    the daily message: not a reminder of the next hour. What is `is_for_staff` is offered to users with a role only.
    """

    topic: str
    label: str | Promise
    kinds: tuple[str, ...]
    is_sent_short: bool = True
    may_wait: bool = True
    is_for_staff: bool = False

    @property
    def channels(self) -> list[DeliveryChannel]:
        return list(DeliveryChannel) if self.is_sent_short else [DeliveryChannel.EMAIL]


class Needed(NamedTuple):
    """Notices that no one can switch off, and why, for the page on which the others are."""

    label: str | Promise
    why: str | Promise
    # Told to users with a role only.
    is_for_staff: bool = False


class DeclinedNotice(models.Model):
    """A courtesy that a person does not want by this channel. Without a row it is sent."""

    center_path = "person__registered_at"
    person_path = "person"

    person = models.ForeignKey(
        "accounts.Person", models.PROTECT, related_name="declined_notices", verbose_name=_("person")
    )
    topic = models.CharField(max_length=30)
    channel = models.CharField(_("channel"), max_length=5, choices=DeliveryChannel)
    since = models.DateTimeField(_("since"), default=timezone.now)

    class Meta:
        ordering = ("topic", "channel")
        verbose_name = _("declined notice")
        verbose_name_plural = _("declined notices")
        constraints = (
            models.UniqueConstraint(fields=("person", "topic", "channel"), name="notice_declined_once"),
        )

    def __str__(self) -> str:
        return f"{self.topic}: {self.channel}"
