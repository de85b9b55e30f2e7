"""Questions and their versions. An attempt refers to versions, so they are never changed or deleted: triggers see to it."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Length
from django.db.models.lookups import LessThanOrEqual
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Center
from assessment.enums import QuestionKind, QuestionState
from assessment.pictures import LARGEST

LONGEST_TAG = 40


def _user(label: Any) -> Any:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=label,
    )


class QuestionQuerySet(models.QuerySet["Question"]):
    def of_the_bank(self) -> "QuestionQuerySet":
        return self.filter(quiz_key=None)

    def in_force(self) -> "QuestionQuerySet":
        """Those that may be asked: published, also next to a new draft, and not withdrawn."""
        return self.of_the_bank().filter(published__isnull=False).exclude(state=QuestionState.WITHDRAWN)

    def usable_by(self, center: Center | int | None) -> "QuestionQuerySet":
        """What quizzes and exams of a center may ask: its own and the ministry's, in force. Without a center, the ministry's alone."""
        own = Q(owner=None) if center is None else Q(owner=None) | Q(owner=center)
        return self.in_force().filter(own)

    def pool_of(
        self, center: Center | int | None, *, tags: Sequence[str], difficulty: int | None
    ) -> "QuestionQuerySet":
        """Of these, those that have all the tags and, where one is named, the difficulty: what a draw takes from, always in one order."""
        rows = self.usable_by(center).order_by("pk")
        if tags:
            rows = rows.filter(tags__contains=list(tags))
        return rows if difficulty is None else rows.filter(difficulty=difficulty)


class Question(models.Model):
    """A question: one for all languages. That of a quiz is known by its page and block; one without `quiz_key` is of the bank.

    A question of the bank is edited as a draft (`kind`, `content`, `key`) and asked as it was published last.
    """

    # Rows without a center are the ministry's.
    center_path = "owner"

    # The quiz page's translation_key, and the id of the question's block on it.
    quiz_key = models.UUIDField(_("quiz"), null=True, editable=False)
    block_id = models.CharField(_("block"), max_length=36, blank=True, editable=False)

    # All that follows is of questions of the bank.
    owner = models.ForeignKey(
        "accounts.Center",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="questions",
        verbose_name=_("owner"),
        help_text=_("The center whose question it is. Without one it is the ministry's: all centers ask it."),
    )
    state = models.CharField(
        _("state"), max_length=10, choices=QuestionState, default=QuestionState.DRAFT, editable=False
    )
    # That in force; the draft's before anything is published.
    kind = models.CharField(_("kind"), max_length=10, choices=QuestionKind, blank=True, editable=False)
    # {"kind", "content", "key"}, as a version has them. It stays when it is published: what is edited next.
    draft = models.JSONField(_("draft"), null=True, editable=False)
    author = _user(_("author"))
    written_at = models.DateTimeField(_("written at"), null=True, editable=False)
    # Who wrote the draft last.
    changed_by = _user(_("changed by"))
    changed_at = models.DateTimeField(_("changed at"), null=True, editable=False)
    submitted_at = models.DateTimeField(_("submitted at"), null=True, editable=False)
    # Why the reviewer sent it back; until it is submitted again.
    sent_back = models.TextField(_("what to change"), blank=True, editable=False)
    published_by = _user(_("published by"))
    published_at = models.DateTimeField(_("published at"), null=True, editable=False)
    # What draws and exams take.
    published = models.ForeignKey(
        "assessment.QuestionVersion",
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("published version"),
    )
    tags = ArrayField(
        models.CharField(max_length=LONGEST_TAG), verbose_name=_("tags"), default=list, blank=True
    )
    difficulty = models.PositiveSmallIntegerField(
        _("difficulty"), default=3, help_text=_("From 1, easy, to 5, hard.")
    )
    competence = models.CharField(
        _("competence"), max_length=200, blank=True, help_text=_("What who answers it can do.")
    )
    # A code of ISCO-08, as of programs.
    occupation = models.CharField(_("occupation"), max_length=8, blank=True)
    # What the search of the bank reads, in one spelling.
    folded = models.TextField(blank=True, editable=False)

    objects = QuestionQuerySet.as_manager()

    class Meta:
        verbose_name = _("question of a test")
        verbose_name_plural = _("questions of tests")
        constraints = (
            models.UniqueConstraint(fields=("quiz_key", "block_id"), name="question_of_quiz_once"),
            models.CheckConstraint(
                condition=Q(
                    quiz_key=None, draft__isnull=False, author__isnull=False, changed_by__isnull=False
                )
                & ~Q(kind="")
                | Q(quiz_key__isnull=False, owner=None, draft__isnull=True, author=None, published=None),
                name="question_is_of_a_quiz_or_of_the_bank",
            ),
            models.CheckConstraint(
                condition=~Q(author=F("published_by")), name="question_published_by_another_person"
            ),
            models.CheckConstraint(
                condition=Q(published=None, published_by=None, published_at=None)
                & ~Q(state=QuestionState.PUBLISHED)
                | Q(published__isnull=False, published_by__isnull=False, published_at__isnull=False),
                name="question_published_has_a_version",
            ),
            models.CheckConstraint(
                condition=Q(difficulty__range=(1, 5)), name="question_difficulty_in_range"
            ),
        )
        indexes = (
            GinIndex(fields=["tags"], name="question_by_tags", condition=Q(quiz_key=None)),
            GinIndex(
                SearchVector("folded", config="simple"), name="question_by_words", condition=Q(quiz_key=None)
            ),
            *(
                models.Index(fields=(name, "-id"), name=f"question_by_{name}", condition=Q(quiz_key=None))
                for name in ("owner", "state", "kind", "occupation")
            ),
            models.Index(
                fields=("submitted_at", "id"),
                name="question_in_review",
                condition=Q(state=QuestionState.REVIEW),
            ),
        )

    def __str__(self) -> str:
        """Without its words: the audit trail is read by more people than the bank."""
        if self.quiz_key:
            return f"{self.quiz_key}/{self.block_id}"
        return gettext("question %(number)s") % {"number": self.pk}

    @property
    def is_in_force(self) -> bool:
        return self.published_id is not None and self.state != QuestionState.WITHDRAWN


class QuestionVersion(models.Model):
    """A question as it was asked. `assessment.marking` says what content and key of each kind hold."""

    question = models.ForeignKey(
        Question, models.PROTECT, related_name="versions", verbose_name=_("question of a test")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=QuestionKind)
    # What is shown to those who are asked: {"text": {language: text}, ...}.
    content = models.JSONField(_("content"))
    # What marks it, and {"explanation": {language: text}}: never handed to a template or an API before the mark.
    key = models.JSONField(_("answer key"))
    # SHA-256 of kind, content and key: the same question is kept once.
    digest = models.CharField(max_length=64, editable=False)
    created_at = models.DateTimeField(_("written at"), auto_now_add=True)

    class Meta:
        verbose_name = _("version of a question")
        verbose_name_plural = _("versions of questions")
        constraints = (models.UniqueConstraint(fields=("question", "digest"), name="question_version_once"),)

    def __str__(self) -> str:
        return f"{self.question_id}/{self.pk}"


class QuestionRecording(models.Model):
    """A sound or a video of the center's that a question asks or asked: it stays as long as versions of questions do."""

    center_path = "video__center"

    video = models.OneToOneField(
        "media_pipeline.Video",
        models.PROTECT,
        related_name="asked_as",
        verbose_name=_("sound or video"),
    )
    asked_since = models.DateTimeField(_("asked since"), auto_now_add=True)

    class Meta:
        verbose_name = _("recording in a question")
        verbose_name_plural = _("recordings in questions")

    def __str__(self) -> str:
        return f"{self.video_id}"


class QuestionPicture(models.Model):
    """A picture that questions show, as this site wrote it: private, in the row, so that no address leads to a file.

    Versions of questions name it by its source. Read the data only where it is sent: `defer("data")`.
    """

    # SHA-1 of the file it was made of, as Wagtail keeps it of documents.
    source = models.CharField(max_length=40, unique=True, editable=False)
    # WebP.
    data = models.BinaryField()
    width = models.PositiveSmallIntegerField()
    height = models.PositiveSmallIntegerField()
    created_at = models.DateTimeField(_("written at"), auto_now_add=True)

    class Meta:
        verbose_name = _("picture of a question")
        verbose_name_plural = _("pictures of questions")
        constraints = (
            models.CheckConstraint(
                condition=LessThanOrEqual(Length(F("data")), LARGEST), name="question_picture_is_small"
            ),
        )

    def __str__(self) -> str:
        return self.source
