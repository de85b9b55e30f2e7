"""Seats that are kept free for a person, the waiting list of a cohort, and transfers."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models.courtesies import Courtesy, Needed
from accounts.models.notices import UNTOLD, PersonalNotice
from courses.enums import HoldReason, HoldState, SeatNoticeKind, WaitingState


class SeatHold(models.Model):
    """A seat that is kept free for one person until a time. One that ended stays as a record."""

    center_path = "cohort__center"
    person_path = "person"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    cohort = models.ForeignKey(
        "courses.Cohort", models.PROTECT, related_name="holds", verbose_name=_("cohort")
    )
    person = models.ForeignKey(
        "accounts.Person", models.PROTECT, related_name="seat_holds", verbose_name=_("person")
    )
    reason = models.CharField(_("reason"), max_length=12, choices=HoldReason)
    note = models.CharField(_("note"), max_length=200, blank=True)
    held_at = models.DateTimeField(_("held since"))
    until = models.DateTimeField(_("held until"))
    state = models.CharField(_("state"), max_length=8, choices=HoldState, default=HoldState.HELD)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    class Meta:
        ordering = ("-held_at", "-pk")
        verbose_name = _("held seat")
        verbose_name_plural = _("held seats")
        constraints = (
            models.UniqueConstraint(
                fields=("cohort", "person"), condition=models.Q(state=HoldState.HELD), name="hold_one_open"
            ),
            models.CheckConstraint(
                condition=models.Q(state=HoldState.HELD, ended_at__isnull=True)
                | (~models.Q(state=HoldState.HELD) & models.Q(ended_at__isnull=False)),
                name="hold_ended_iff_dated",
            ),
            models.CheckConstraint(
                condition=models.Q(until__gt=models.F("held_at")), name="hold_ends_after_it_begins"
            ),
        )
        indexes = (
            models.Index(fields=("until",), condition=models.Q(state=HoldState.HELD), name="hold_to_expire"),
        )

    def __str__(self) -> str:
        return f"{self.person} · {self.cohort}"


class WaitingEntry(models.Model):
    """A person who waits for a seat in a full cohort. The order of the list is the order of coming."""

    center_path = "cohort__center"
    person_path = "person"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    cohort = models.ForeignKey(
        "courses.Cohort", models.PROTECT, related_name="waiting", verbose_name=_("cohort")
    )
    person = models.ForeignKey(
        "accounts.Person", models.PROTECT, related_name="waiting_entries", verbose_name=_("person")
    )
    since = models.DateTimeField(_("waiting since"))
    state = models.CharField(_("state"), max_length=8, choices=WaitingState, default=WaitingState.WAITING)
    # The seat that was offered when one became free.
    hold = models.OneToOneField(
        SeatHold, models.PROTECT, null=True, blank=True, related_name="entry", verbose_name=_("offered seat")
    )
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    class Meta:
        ordering = ("cohort_id", "since", "pk")
        verbose_name = _("person on a waiting list")
        verbose_name_plural = _("waiting lists")
        constraints = (
            models.UniqueConstraint(
                fields=("cohort", "person"),
                condition=models.Q(state__in=(WaitingState.WAITING, WaitingState.OFFERED)),
                name="waiting_once_per_cohort",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=WaitingState.OFFERED) | models.Q(hold__isnull=False),
                name="waiting_offer_names_its_seat",
            ),
        )
        indexes = (
            models.Index(
                fields=("cohort", "since", "id"),
                condition=models.Q(state=WaitingState.WAITING),
                name="waiting_in_order",
            ),
        )

    def __str__(self) -> str:
        return f"{self.person} · {self.cohort}"


class Transfer(models.Model):
    """An enrollment that went on in another cohort of its program. What was attended before counts (`courses.queries.evidence`)."""

    center_path = "to_cohort__center"

    enrollment = models.ForeignKey(
        "courses.Enrollment", models.PROTECT, related_name="transfers", verbose_name=_("enrollment")
    )
    from_cohort = models.ForeignKey(
        "courses.Cohort", models.PROTECT, related_name="transfers_out", verbose_name=_("from cohort")
    )
    to_cohort = models.ForeignKey(
        "courses.Cohort", models.PROTECT, related_name="transfers_in", verbose_name=_("to cohort")
    )
    reason = models.CharField(_("reason"), max_length=200)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("transferred by")
    )
    at = models.DateTimeField(_("transferred at"))

    class Meta:
        ordering = ("at", "pk")
        verbose_name = _("transfer")
        verbose_name_plural = _("transfers")
        constraints = (
            models.CheckConstraint(
                condition=~models.Q(from_cohort=models.F("to_cohort")), name="transfer_between_two_cohorts"
            ),
        )

    def __str__(self) -> str:
        return f"{self.enrollment.person}: {self.from_cohort} > {self.to_cohort}"


class SeatNotice(PersonalNotice):
    """An event of a person's seat, for that person."""

    center_path = "cohort__center"
    person_path = "person"
    subject = _("seats")
    courtesies = (
        Courtesy(
            "waiting_list",
            _("News of waiting lists"),
            (SeatNoticeKind.LAPSED, SeatNoticeKind.LIST_CLOSED, SeatNoticeKind.LIST_REOPENED),
        ),
    )
    needed = (
        Needed(
            _(
                "A seat that is kept for you, a transfer to another cohort, a seat or a cohort that your center ended"
            ),
            _("a seat is lost when its time is over"),
        ),
    )

    cohort = models.ForeignKey("courses.Cohort", models.PROTECT, related_name="+", verbose_name=_("cohort"))
    person = models.ForeignKey("accounts.Person", models.PROTECT, related_name="+", verbose_name=_("person"))
    kind = models.CharField(_("kind"), max_length=12, choices=SeatNoticeKind)
    # Of an offer.
    hold = models.ForeignKey(SeatHold, models.PROTECT, null=True, blank=True, related_name="notices")

    class Meta:
        ordering = ("pk",)
        verbose_name = _("notice of a seat")
        verbose_name_plural = _("notices of seats")
        constraints = (models.UniqueConstraint(fields=("hold", "kind"), name="seat_notice_once_per_offer"),)
        indexes = (
            models.Index(fields=("due_at",), condition=models.Q(state="waiting"), name="seat_notice_waiting"),
            models.Index(fields=("id",), condition=UNTOLD, name="seat_notice_untold"),
        )

    def __str__(self) -> str:
        return f"{self.person_id}: {self.kind}"
