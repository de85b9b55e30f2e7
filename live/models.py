"""Rooms, what happened in them and who was there."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from live.enums import EventKind, LiveState


class LiveSession(models.Model):
    """The virtual room of one class session of a cohort."""

    center_path = "class_session__cohort__center"

    class_session = models.OneToOneField(
        "courses.ClassSession", models.PROTECT, related_name="live", verbose_name=_("class session")
    )
    state = models.CharField(_("state"), max_length=10, choices=LiveState, default=LiveState.SCHEDULED)
    # Number of the last event: dense, raised in the transaction that writes the event.
    seq = models.PositiveBigIntegerField(default=0, editable=False)
    settings = models.JSONField(_("settings"), default=dict, blank=True)
    opened_at = models.DateTimeField(_("opened at"), null=True, blank=True, editable=False)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True, editable=False)
    # The attendance policy that was applied, frozen when the room ends (`live.policy.AttendancePolicy`).
    attendance_policy = models.JSONField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ("class_session__starts_at", "pk")
        verbose_name = _("live session")
        verbose_name_plural = _("live sessions")
        constraints = (
            models.CheckConstraint(
                condition=Q(state=LiveState.SCHEDULED, opened_at__isnull=True, ended_at__isnull=True)
                | Q(state=LiveState.OPEN, opened_at__isnull=False, ended_at__isnull=True)
                | Q(state=LiveState.ENDED, ended_at__isnull=False),
                name="live_session_state_matches_its_times",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True)
                | Q(opened_at__isnull=True)
                | Q(ended_at__gte=F("opened_at")),
                name="live_session_ends_after_it_opens",
            ),
        )

    def __str__(self) -> str:
        return str(self.class_session)


class Event(models.Model):
    """One fact of a room's log. A database trigger refuses to change or delete it."""

    pk = models.CompositePrimaryKey("session_id", "seq")
    session = models.ForeignKey(LiveSession, models.PROTECT, related_name="events")
    seq = models.PositiveBigIntegerField()
    kind = models.CharField(max_length=20, choices=EventKind)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    # As shown at the time: a later change of name does not rewrite what was said.
    name = models.CharField(max_length=160, blank=True)
    # Whom it is about, where that is not (only) the actor: whose hand, who was muted.
    subject = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    # Which earlier event it answers: the message removed, the hand lowered or called.
    target = models.PositiveBigIntegerField(null=True)
    # Made by the client: the same command sent twice is one event.
    client_id = models.UUIDField(null=True)
    payload = models.JSONField(default=dict)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("session_id", "seq")
        constraints = (models.UniqueConstraint(fields=("session", "client_id"), name="event_client_id_once"),)
        indexes = (
            models.Index(
                fields=("session", "target"), condition=Q(target__isnull=False), name="event_target"
            ),
            models.Index(
                fields=("session", "subject", "seq"), condition=Q(subject__isnull=False), name="event_subject"
            ),
        )

    def __str__(self) -> str:
        return f"{self.session_id}#{self.seq} {self.kind}"


class PresenceMinute(models.Model):
    """Raw heartbeats of one person on one device in one minute of the session. Never edited after the session."""

    session = models.ForeignKey(LiveSession, models.PROTECT, related_name="presence")
    person = models.ForeignKey("accounts.Person", models.PROTECT, related_name="+")
    device = models.CharField(max_length=36)
    # Minutes since the room opened; the first is 0.
    minute = models.PositiveSmallIntegerField()
    # One bit for each quarter of the minute in which a heartbeat came: repeating one cannot count twice.
    beats = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("session_id", "person_id", "minute")
        constraints = (
            models.UniqueConstraint(
                fields=("session", "person", "device", "minute"), name="presence_minute_once_per_device"
            ),
            models.CheckConstraint(condition=Q(beats__lt=16), name="presence_minute_has_four_beats"),
        )

    def __str__(self) -> str:
        return f"{self.session_id}/{self.person_id} +{self.minute}"


class TicketUse(models.Model):
    """An entry ticket that was used. The primary key makes a second use impossible, in any process."""

    nonce = models.UUIDField(primary_key=True)
    used_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return str(self.nonce)
