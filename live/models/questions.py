"""Questions of trainees and their votes."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from live.enums import QuestionState
from live.models.rooms import LiveSession


class Question(models.Model):
    """A question to the instructor, identified in its room by the event that asked it."""

    center_path = "session__class_session__cohort__center"

    session = models.ForeignKey(LiveSession, models.PROTECT, related_name="questions")
    seq = models.PositiveBigIntegerField()
    asker = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    # As shown at the time.
    name = models.CharField(max_length=160)
    text = models.CharField(_("question"), max_length=300)
    state = models.CharField(_("state"), max_length=10, choices=QuestionState, default=QuestionState.WAITING)
    resolved_seq = models.PositiveBigIntegerField(null=True)

    class Meta:
        ordering = ("session_id", "seq")
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        constraints = (
            models.UniqueConstraint(fields=("session", "seq"), name="question_is_an_event"),
            models.CheckConstraint(
                condition=Q(state=QuestionState.WAITING, resolved_seq__isnull=True)
                | (~Q(state=QuestionState.WAITING) & Q(resolved_seq__isnull=False)),
                name="question_resolved_by_an_event",
            ),
        )

    def __str__(self) -> str:
        return self.text

    def state_at(self, seq: int) -> QuestionState:
        """The state as of event `seq`."""
        is_resolved = self.resolved_seq is not None and self.resolved_seq <= seq
        return QuestionState(self.state) if is_resolved else QuestionState.WAITING


class QuestionVote(models.Model):
    """One person's vote for a question."""

    question = models.ForeignKey(Question, models.CASCADE, related_name="votes")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("question", "user"), name="question_vote_once_a_person"),
        )

    def __str__(self) -> str:
        return f"{self.question_id}/{self.user_id}"
