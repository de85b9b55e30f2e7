"""Questions of trainees under a unit, answers to them, reports of either, and who may not write for a while."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.enums import NoticeState
from accounts.models import Contact, Person, User
from accounts.models.courtesies import Courtesy, Needed
from accounts.models.notices import UNTOLD, PersonalNotice
from courses.enums import MuteNoticeKind, QuestionNoticeKind

LONGEST_POST = 1000
LONGEST_REASON = 300


class Post(models.Model):
    """What somebody wrote. Staff may hide it with a reason: its author still sees it, with the reason; others do not."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    # Plain text. Empty after the data of its author were erased.
    text = models.TextField(_("text"), max_length=LONGEST_POST, blank=True)
    at = models.DateTimeField(_("written at"), default=timezone.now)
    edited_at = models.DateTimeField(_("changed at"), null=True, blank=True)
    hidden_at = models.DateTimeField(_("hidden at"), null=True, blank=True)
    hidden_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("hidden by"),
    )
    hidden_for = models.CharField(_("reason"), max_length=LONGEST_REASON, blank=True)

    class Meta:
        abstract = True

    @property
    def is_hidden(self) -> bool:
        return self.hidden_at is not None


class Question(Post):
    """What a trainee of a cohort asks under a unit. It stays with the cohort in which it was asked."""

    center_path = "cohort__center"
    person_path = "person"

    cohort = models.ForeignKey(
        "courses.Cohort",
        models.PROTECT,
        # The index of the list under a unit begins with it.
        db_index=False,
        related_name="questions",
        verbose_name=_("cohort"),
    )
    # The unit page's translation_key, as in `UnitProgress`.
    unit_key = models.UUIDField(_("unit"))
    person = models.ForeignKey(
        "accounts.Person", models.PROTECT, related_name="questions", verbose_name=_("who asked")
    )
    # The place in the video of the unit that it is about.
    second = models.PositiveIntegerField(_("second of the video"), null=True, blank=True)
    # Fellow trainees do not learn who asked; staff do.
    is_anonymous = models.BooleanField(_("without a name"), default=False)
    # Since when it waits for staff; None once they answered, or its author said that it is solved.
    waiting_since = models.DateTimeField(_("waiting since"), null=True, blank=True)
    # The answer that staff marked as such.
    accepted = models.OneToOneField(
        "courses.Answer", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("answer")
    )
    solved_at = models.DateTimeField(_("solved at"), null=True, blank=True)
    # Since when all cohorts of the program read it with its answer, without names.
    shared_at = models.DateTimeField(_("shared at"), null=True, blank=True)
    shared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("shared by"),
    )

    class Meta:
        # The longest wait first; what does not wait is at the end.
        ordering = ("waiting_since", "-at", "pk")
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        constraints = (
            models.CheckConstraint(
                condition=Q(shared_at=None) | Q(accepted__isnull=False), name="question_shared_with_an_answer"
            ),
            models.CheckConstraint(
                condition=Q(waiting_since=None) | Q(solved_at=None), name="question_solved_does_not_wait"
            ),
        )
        indexes = (
            models.Index(fields=("cohort", "unit_key", "-at"), name="question_under_a_unit"),
            models.Index(
                fields=("cohort", "waiting_since"),
                condition=Q(waiting_since__isnull=False, hidden_at=None),
                name="question_waiting",
            ),
            models.Index(fields=("unit_key",), condition=Q(shared_at__isnull=False), name="question_shared"),
        )

    def __str__(self) -> str:
        """Without its words: the audit trail keeps this."""
        return gettext("Question %(number)s") % {"number": self.pk}

    @property
    def time(self) -> str:
        """The place in the video as players show it, such as "3:12"; "" without one."""
        if self.second is None:
            return ""
        minutes, seconds = divmod(self.second, 60)
        hours, minutes = divmod(minutes, 60)
        return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


class Answer(Post):
    """What a fellow trainee, the author of the question or a member of staff wrote below it."""

    center_path = "question__cohort__center"
    person_path = "person"
    # The row whose page shows this one.
    page_path = "question"

    question = models.ForeignKey(Question, models.CASCADE, related_name="answers", verbose_name=_("question"))
    # A trainee, or a member of staff.
    person = models.ForeignKey(
        "accounts.Person",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="answers_to_questions",
        verbose_name=_("trainee"),
    )
    staff = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("member of staff"),
    )

    class Meta:
        ordering = ("at", "pk")
        verbose_name = _("answer to a question")
        verbose_name_plural = _("answers to questions")
        constraints = (
            models.CheckConstraint(
                condition=Q(person=None) ^ Q(staff=None), name="answer_of_a_trainee_or_of_staff"
            ),
        )

    def __str__(self) -> str:
        return gettext("Answer %(number)s") % {"number": self.pk}


class PostReport(models.Model):
    """That a trainee of the cohort finds a question, or an answer to it, out of place. Once for each person."""

    center_path = "question__cohort__center"

    question = models.ForeignKey(Question, models.CASCADE, related_name="reports")
    # None where it is the question itself.
    answer = models.ForeignKey(Answer, models.CASCADE, null=True, related_name="reports")
    person = models.ForeignKey("accounts.Person", models.PROTECT, related_name="+")
    reason = models.CharField(_("reason"), max_length=LONGEST_REASON, blank=True)
    at = models.DateTimeField(default=timezone.now)
    # When staff decided, whatever they decided.
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ("at", "pk")
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        constraints = (
            models.UniqueConstraint(
                fields=("question", "answer", "person"), nulls_distinct=False, name="post_reported_once"
            ),
        )
        indexes = (models.Index(fields=("question",), condition=Q(settled_at=None), name="post_report_open"),)

    def __str__(self) -> str:
        return f"{self.question_id}: {self.person_id}"


class MutedTrainee(models.Model):
    """A trainee who reads the questions of a cohort and writes none, up to a day."""

    center_path = "cohort__center"
    person_path = "person"

    cohort = models.ForeignKey(
        "courses.Cohort", models.PROTECT, related_name="muted", verbose_name=_("cohort")
    )
    person = models.ForeignKey("accounts.Person", models.PROTECT, related_name="+", verbose_name=_("trainee"))
    reason = models.CharField(_("reason"), max_length=LONGEST_REASON)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    since = models.DateTimeField(_("since"), default=timezone.now)
    # The last day.
    until = models.DateField(_("until"))
    # Where staff ended it before.
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    class Meta:
        ordering = ("-since", "-pk")
        verbose_name = _("trainee who may not write")
        verbose_name_plural = _("trainees who may not write")
        constraints = (
            models.UniqueConstraint(
                fields=("cohort", "person"), condition=Q(ended_at=None), name="trainee_muted_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.cohort_id}: {self.person_id}"


class QuestionNotice(PersonalNotice):
    """To the author of a question: that there is an answer, once for each; to a trainee whose question or answer was hidden, or is
    shown again: that, with the reason.
    """

    center_path = "question__cohort__center"
    person_path = "person"
    subject = _("question under a lesson")
    courtesies = (
        Courtesy(
            "question", _("Your question was answered by your instructor"), (QuestionNoticeKind.ANSWERED,)
        ),
        Courtesy(
            "question_replies",
            _("A fellow trainee wrote to your question"),
            (QuestionNoticeKind.REPLIED,),
            is_sent_short=False,
        ),
    )
    needed = (
        Needed(_("Your question or answer was hidden, or is shown again"), _("it is your own, and not gone")),
    )

    question = models.ForeignKey(Question, models.CASCADE, related_name="notices", verbose_name=_("question"))
    # None where it is about the question itself.
    answer = models.ForeignKey(
        Answer, models.CASCADE, null=True, blank=True, related_name="notices", verbose_name=_("answer")
    )
    # Why it was hidden, as it was said then.
    reason = models.CharField(_("reason"), max_length=LONGEST_REASON, blank=True, default="")
    person = models.ForeignKey("accounts.Person", models.PROTECT, related_name="+", verbose_name=_("person"))
    kind = models.CharField(_("kind"), max_length=8, choices=QuestionNoticeKind)

    class Meta:
        ordering = ("pk",)
        verbose_name = _("notice about a question")
        verbose_name_plural = _("notices about questions")
        constraints = (
            models.UniqueConstraint(
                fields=("answer", "kind"),
                condition=Q(kind__in=(QuestionNoticeKind.ANSWERED, QuestionNoticeKind.REPLIED)),
                name="question_notice_once",
            ),
        )
        indexes = (
            models.Index(
                fields=("due_at",), condition=Q(state=NoticeState.WAITING), name="question_notice_waiting"
            ),
            models.Index(fields=("id",), condition=UNTOLD, name="question_notice_untold"),
        )

    def __str__(self) -> str:
        return f"{self.question_id}: {self.kind}"


class MuteNotice(PersonalNotice):
    """To a trainee: that they cannot write under lessons up to a day, and that this ended before. Without who decided it."""

    center_path = "muted__cohort__center"
    person_path = "person"
    subject = _("writing under lessons")
    needed = (Needed(_("You cannot write under lessons, or may again"), _("you can complain about it")),)

    muted = models.ForeignKey(
        MutedTrainee, models.CASCADE, related_name="notices", verbose_name=_("trainee who may not write")
    )
    # Not that of `muted`: merging two records may leave it where it is.
    person = models.ForeignKey("accounts.Person", models.PROTECT, related_name="+", verbose_name=_("person"))
    kind = models.CharField(_("kind"), max_length=7, choices=MuteNoticeKind)

    class Meta:
        ordering = ("pk",)
        verbose_name = _("notice about writing under lessons")
        verbose_name_plural = _("notices about writing under lessons")
        constraints = (models.UniqueConstraint(fields=("muted", "kind"), name="mute_notice_once"),)
        indexes = (
            models.Index(
                fields=("due_at",), condition=Q(state=NoticeState.WAITING), name="mute_notice_waiting"
            ),
            models.Index(fields=("id",), condition=UNTOLD, name="mute_notice_untold"),
        )

    def __str__(self) -> str:
        return f"{self.muted_id}: {self.kind}"


class QuestionsWaitingNotice(PersonalNotice):
    """To an instructor, once a day: how many questions of the own cohorts wait. Not one for each: a class asks many."""

    center_path = "user__person__registered_at"
    person_path = "user"
    path_to_person = "user__person"
    subject = _("questions of your trainees")
    kind = "questions_waiting"
    courtesies = (
        Courtesy(
            "questions_waiting",
            _("Questions of your trainees that wait for an answer"),
            ("questions_waiting",),
            is_sent_short=False,
            is_for_staff=True,
        ),
    )

    user = models.ForeignKey(User, models.CASCADE, related_name="+", verbose_name=_("login"))
    day = models.DateField(_("day"))

    class Meta:
        ordering = ("pk",)
        verbose_name = _("notice about waiting questions")
        verbose_name_plural = _("notices about waiting questions")
        constraints = (
            models.UniqueConstraint(fields=("user", "day"), name="questions_waiting_notice_once_a_day"),
        )
        indexes = (
            models.Index(
                fields=("due_at",),
                condition=Q(state=NoticeState.WAITING),
                name="questions_waiting_notice_due",
            ),
            models.Index(fields=("id",), condition=UNTOLD, name="questions_waiting_untold"),
        )

    def __str__(self) -> str:
        return f"{self.user_id}: {self.day}"

    @property
    def receiver(self) -> Person | User:
        return self.user.person or self.user

    @classmethod
    def login_of(cls, receiver: int) -> User | None:
        return User.objects.get(pk=receiver)

    @classmethod
    def contacts_of(cls, receiver: int) -> list[Contact]:
        """None: it is written to where the login is read."""
        return []
