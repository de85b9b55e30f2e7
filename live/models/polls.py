"""Polls and their votes."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from live.enums import PollResults, PollState
from live.models.rooms import LiveSession


class Poll(models.Model):
    """A question with options. Its state follows from events, so it can be shown as of any of them."""

    center_path = "session__class_session__cohort__center"

    session = models.ForeignKey(LiveSession, models.PROTECT, related_name="polls")
    question = models.CharField(_("question"), max_length=200)
    options = ArrayField(models.CharField(max_length=80), verbose_name=_("options"))
    is_multiple = models.BooleanField(_("several may be chosen"), default=False)
    is_anonymous = models.BooleanField(_("anonymous"), default=False)
    results = models.CharField(_("results"), max_length=8, choices=PollResults, default=PollResults.AT_END)
    # Votes by option of an anonymous poll, in one value: a row for each option would reveal by its transaction
    # which voter mark was made together with it.
    tallies = ArrayField(models.PositiveIntegerField())
    prepared_seq = models.PositiveBigIntegerField()
    opened_seq = models.PositiveBigIntegerField(null=True)
    closed_seq = models.PositiveBigIntegerField(null=True)
    shown_seq = models.PositiveBigIntegerField(null=True)
    discarded_seq = models.PositiveBigIntegerField(null=True)

    class Meta:
        ordering = ("session_id", "pk")
        verbose_name = _("poll")
        verbose_name_plural = _("polls")
        constraints = (
            models.CheckConstraint(
                condition=Q(closed_seq__isnull=True)
                | Q(opened_seq__isnull=False, opened_seq__lt=F("closed_seq")),
                name="poll_opens_before_it_closes",
            ),
            models.CheckConstraint(
                condition=Q(shown_seq__isnull=True)
                | Q(closed_seq__isnull=False, closed_seq__lte=F("shown_seq")),
                name="poll_closes_before_it_is_shown",
            ),
            models.CheckConstraint(
                condition=Q(discarded_seq__isnull=True) | Q(opened_seq__isnull=True),
                name="poll_asked_is_kept",
            ),
            models.UniqueConstraint(
                fields=("session",),
                condition=Q(opened_seq__isnull=False, closed_seq__isnull=True),
                name="poll_one_open_in_a_room",
            ),
        )

    def __str__(self) -> str:
        return self.question

    def state_at(self, seq: int) -> PollState:
        """The state as of event `seq`."""
        if self.closed_seq and self.closed_seq <= seq:
            return PollState.CLOSED
        return PollState.OPEN if self.opened_seq and self.opened_seq <= seq else PollState.PREPARED

    def shows_results_at(self, seq: int) -> bool:
        """Whether the class may see the results as of event `seq`."""
        if self.results == PollResults.AT_ONCE:
            return self.state_at(seq) != PollState.PREPARED
        return self.shown_seq is not None and self.shown_seq <= seq


class PollVote(models.Model):
    """The choice of one person in a poll that is not anonymous."""

    poll = models.ForeignKey(Poll, models.PROTECT, related_name="votes")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    # Indexes in `poll.options`, in order.
    options = ArrayField(models.PositiveSmallIntegerField())

    class Meta:
        ordering = ("poll_id", "user_id")
        constraints = (models.UniqueConstraint(fields=("poll", "user"), name="poll_vote_once_a_person"),)

    def __str__(self) -> str:
        return f"{self.poll_id}/{self.user_id}"


class PollMark(models.Model):
    """A person voted in an anonymous poll. Only the site's key can recognize the person; the choice is not stored with it."""

    pk = models.CompositePrimaryKey("poll_id", "voter")
    poll = models.ForeignKey(Poll, models.PROTECT, related_name="marks")
    voter = models.CharField(max_length=64)
    # Made by the client for this vote, which makes a repetition after a lost answer idempotent.
    client_id = models.UUIDField()

    class Meta:
        ordering = ("poll_id", "voter")

    def __str__(self) -> str:
        return f"{self.poll_id}/{self.voter[:8]}"
