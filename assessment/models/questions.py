"""Questions and their versions. An attempt refers to versions, so they are never changed or deleted: triggers see to it."""

from django.db import models
from django.db.models import F
from django.db.models.functions import Length
from django.db.models.lookups import LessThanOrEqual
from django.utils.translation import gettext_lazy as _

from assessment.enums import QuestionKind
from assessment.pictures import LARGEST


class Question(models.Model):
    """A question of a quiz: one for all languages, whichever page it was written on."""

    # The quiz page's translation_key, and the id of the question's block on it.
    quiz_key = models.UUIDField(_("quiz"))
    block_id = models.CharField(_("block"), max_length=36)

    class Meta:
        verbose_name = _("question of a test")
        verbose_name_plural = _("questions of tests")
        constraints = (
            models.UniqueConstraint(fields=("quiz_key", "block_id"), name="question_of_quiz_once"),
        )

    def __str__(self) -> str:
        return f"{self.quiz_key}/{self.block_id}"


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
