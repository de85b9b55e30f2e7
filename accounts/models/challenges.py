"""Codes by short message."""

import datetime as dt
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.enums import CodePurpose, ContactKind
from jobs.models import LeasedJob

MOST_TRIES = 5


class ContactChallenge(LeasedJob):
    """A request for a code, which a worker makes and sends. The row is the same for a number that is not known.

    The code is kept as a keyed hash only, from the moment when it is handed to the gateway.
    """

    center_path = "login__person__registered_at"
    person_path = "login__person"
    task_name = "accounts.tasks.send_code"
    # Longer than the patience with the gateway.
    lease = dt.timedelta(minutes=1)
    grace = dt.timedelta(seconds=30)
    backoff = (dt.timedelta(seconds=20), dt.timedelta(minutes=1))
    message_expires: ClassVar[float | None] = 600

    kind = models.CharField(_("kind"), max_length=5, choices=ContactKind, default=ContactKind.PHONE)
    value = models.CharField(_("number or address"), max_length=254)
    purpose = models.CharField(_("purpose"), max_length=7, choices=CodePurpose)
    # Who proves a number; who recovers a password is found by the worker, so that the request does the same for everyone.
    login = models.ForeignKey(
        "accounts.User", models.CASCADE, null=True, related_name="+", verbose_name=_("login")
    )
    # Of the page where it was asked for.
    language = models.CharField(_("language"), max_length=2)
    # Of the client's address, for limits.
    address_hash = models.CharField(max_length=64)
    code_hash = models.CharField(max_length=64, blank=True)
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    expires_at = models.DateTimeField(_("expires at"))
    sent_at = models.DateTimeField(_("sent at"), null=True)
    used_at = models.DateTimeField(_("used at"), null=True)
    # A newer one took its place, or what it was for is done.
    ended_at = models.DateTimeField(null=True)

    class Meta(LeasedJob.Meta):
        ordering = ("-pk",)
        verbose_name = _("code by short message")
        verbose_name_plural = _("codes by short message")
        constraints = (
            *LeasedJob.Meta.constraints,
            models.CheckConstraint(
                condition=Q(tries__lte=MOST_TRIES), name="contact_challenge_tries_are_limited"
            ),
            models.CheckConstraint(
                condition=Q(used_at=None) | (~Q(code_hash="") & Q(login__isnull=False)),
                name="contact_challenge_used_with_a_code",
            ),
        )
        # What the limits count.
        indexes = (
            *LeasedJob.Meta.indexes,
            models.Index(fields=("value", "created_at"), name="contact_challenge_of_value"),
            models.Index(fields=("address_hash", "created_at"), name="contact_challenge_of_address"),
            models.Index(fields=("created_at",), name="contact_challenge_by_age"),
        )

    def __str__(self) -> str:
        return f"{self.get_purpose_display()} {self.pk}"

    def end(self) -> None:
        """What it was for is done, or will not be."""
        self.ended_at = timezone.now()
        self.save(update_fields=["ended_at"])
