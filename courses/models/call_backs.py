"""Requests for a call, what was sent with each, and what the desk did about them."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.enums import Language
from courses.enums import CallBackEventKind, CallBackOutcome, CallBackState, CallHours

# One line.
LONGEST_LINE = 200
# What one request holds; who asks more often is called all the same.
MOST_ENTRIES = 10
MOST_TRIES = 3


class CallBack(models.Model):
    """Somebody who wants to be called by the front desk. While it is open, the same number at the same desk is added to it.

    It is deleted with all that belongs to it `CALL_BACK_KEEP_DAYS` after it was closed.
    """

    center_path = "center"
    person_path = "person"

    phone = models.CharField(_("mobile number"), max_length=20)
    # Empty where no one was logged in.
    person = models.ForeignKey(
        "accounts.Person",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="call_backs",
        verbose_name=_("person"),
    )
    # Whose front desk calls; empty for the ministry's.
    center = models.ForeignKey(
        "accounts.Center", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("center")
    )
    language = models.CharField(_("language"), max_length=2, choices=Language, default=Language.ARABIC)
    hours = models.CharField(_("call"), max_length=9, choices=CallHours, default=CallHours.ANY)
    state = models.CharField(
        _("state"), max_length=6, choices=CallBackState, default=CallBackState.OPEN, editable=False
    )
    tries = models.PositiveSmallIntegerField(_("tries"), default=0, editable=False)
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("taken by"),
        editable=False,
    )
    asked_at = models.DateTimeField(_("asked at"), default=timezone.now, editable=False)
    closed_at = models.DateTimeField(_("closed at"), null=True, editable=False)
    outcome = models.CharField(
        _("outcome"), max_length=11, choices=CallBackOutcome, blank=True, editable=False
    )

    class Meta:
        ordering = ("asked_at", "pk")
        verbose_name = _("request for a call")
        verbose_name_plural = _("requests for a call")
        constraints = (
            models.UniqueConstraint(
                fields=("phone", "center", "person"),
                condition=Q(state=CallBackState.OPEN),
                nulls_distinct=False,
                name="call_back_open_once",
            ),
            models.CheckConstraint(
                condition=Q(state=CallBackState.CLOSED, closed_at__isnull=False) & ~Q(outcome="")
                | Q(state=CallBackState.OPEN, closed_at=None, outcome=""),
                name="call_back_closed_with_outcome",
            ),
            models.CheckConstraint(condition=Q(tries__lte=MOST_TRIES), name="call_back_tried_so_often"),
        )
        indexes = (
            models.Index(
                fields=("asked_at",), condition=Q(state=CallBackState.OPEN), name="call_back_waiting"
            ),
            models.Index(fields=("closed_at",), condition=Q(closed_at__isnull=False), name="call_back_old"),
        )

    def __str__(self) -> str:
        # The audit trail keeps it, and outlasts the number.
        return f"#{self.pk}"

    @property
    def is_open(self) -> bool:
        return self.state == CallBackState.OPEN


class CallBackEntry(models.Model):
    """What was sent each time: the words, and what the page says that it sends with them. Nothing else is known of the browser."""

    center_path = "call_back__center"
    person_path = "call_back__person"

    call_back = models.ForeignKey(CallBack, models.CASCADE, related_name="entries")
    text = models.CharField(_("what is wrong"), max_length=LONGEST_LINE)
    # Whether its sender was logged in as the person of the request.
    is_by_person = models.BooleanField(_("logged in"), default=False)
    # By `courses.kept_addresses`: no query, token or code.
    page = models.CharField(_("page"), max_length=300, blank=True)
    device = models.CharField(_("browser and device"), max_length=120, blank=True)
    screen = models.CharField(_("screen"), max_length=20, blank=True)
    connection = models.CharField(_("connection"), max_length=10, blank=True)
    saves_data = models.BooleanField(_("saves data"), default=False)
    language = models.CharField(_("language of the page"), max_length=2, choices=Language)
    # The last error page in this browser (`accounts.services.last_errors`).
    error_status = models.PositiveSmallIntegerField(_("last error"), null=True)
    error_number = models.CharField(max_length=8, blank=True)
    error_view = models.CharField(max_length=80, blank=True)
    error_at = models.DateTimeField(null=True)
    at = models.DateTimeField(_("sent at"), default=timezone.now)

    class Meta:
        ordering = ("pk",)
        verbose_name = _("message of a request for a call")
        verbose_name_plural = _("messages of requests for a call")

    def __str__(self) -> str:
        return f"{self.call_back_id}: {self.pk}"


class CallBackEvent(models.Model):
    """What happened to a request, for the desk and for notices to its person. The audit trail has the same without the note."""

    center_path = "call_back__center"
    person_path = "call_back__person"

    call_back = models.ForeignKey(CallBack, models.CASCADE, related_name="events")
    kind = models.CharField(_("what"), max_length=8, choices=CallBackEventKind)
    at = models.DateTimeField(_("when"), default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("by")
    )
    note = models.CharField(_("note"), max_length=LONGEST_LINE, blank=True)

    class Meta:
        ordering = ("pk",)
        verbose_name = _("event of a request for a call")
        verbose_name_plural = _("events of requests for a call")

    def __str__(self) -> str:
        return self.get_kind_display()
