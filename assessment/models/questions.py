"""Questions and their versions. An attempt refers to versions, so they are never changed or deleted: triggers see to it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from assessment.enums import QuestionKind


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
