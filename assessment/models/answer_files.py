"""Files that were sent as answers: as this site wrote them again, and what of others has arrived so far."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assessment.enums import FileKind
from assessment.models.attempts import Attempt


class AnswerFile(models.Model):
    """A file of an attempt. It answers its question while the response of the slot names it.

    The file is in the private storage, under a name that says nothing of its person; how its person named it is kept nowhere. Triggers refuse
    to change a row, and to delete one that an answer of an ended attempt names.
    """

    center_path = "attempt__enrollment__cohort__center"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    attempt = models.ForeignKey(Attempt, models.PROTECT, related_name="files", verbose_name=_("attempt"))
    # The place of the question in the attempt, from 0.
    slot = models.PositiveSmallIntegerField(_("question"))
    # The number that the device gave it: the same file sent twice is one file.
    sent_as = models.UUIDField(editable=False)
    kind = models.CharField(_("kind"), max_length=10, choices=FileKind)
    pages = models.PositiveSmallIntegerField(_("pages"), default=1)
    size = models.PositiveIntegerField(_("bytes"))
    sha256 = models.CharField(max_length=64, editable=False)
    # Name inside the private storage.
    path = models.CharField(_("file"), max_length=120, unique=True, editable=False)
    at = models.DateTimeField(_("saved at"))
    # When the attempt had ended and its answer named the file: others are deleted then.
    kept_at = models.DateTimeField(_("kept since"), null=True, editable=False)

    class Meta:
        ordering = ("attempt_id", "slot", "pk")
        verbose_name = _("file of an answer")
        verbose_name_plural = _("files of answers")
        constraints = (
            models.UniqueConstraint(fields=("attempt", "slot", "sent_as"), name="answer_file_sent_once"),
            models.CheckConstraint(condition=Q(size__gt=0, pages__gt=0), name="answer_file_is_not_empty"),
        )
        indexes = (
            # Those of open attempts, and what the purge looks for.
            models.Index(fields=("attempt",), condition=Q(kept_at=None), name="answer_file_to_settle"),
        )

    def __str__(self) -> str:
        return f"{self.attempt_id}/{self.slot}/{self.pk}"


class AnswerFilePart(models.Model):
    """A piece of a file that is still arriving. All pieces of a file go when it is whole, or after two days."""

    center_path = "attempt__enrollment__cohort__center"

    attempt = models.ForeignKey(Attempt, models.CASCADE, related_name="file_parts", verbose_name=_("attempt"))
    slot = models.PositiveSmallIntegerField(_("question"))
    sent_as = models.UUIDField(editable=False)
    offset = models.PositiveIntegerField(_("from byte"))
    # Of the whole file.
    length = models.PositiveIntegerField(_("bytes"))
    data = models.BinaryField()
    at = models.DateTimeField(_("arrived at"))

    class Meta:
        ordering = ("attempt_id", "slot", "sent_as", "offset")
        verbose_name = _("part of a file of an answer")
        verbose_name_plural = _("parts of files of answers")
        constraints = (
            models.UniqueConstraint(
                fields=("attempt", "slot", "sent_as", "offset"), name="answer_file_part_once"
            ),
        )
        indexes = (models.Index(fields=("at",), name="answer_file_part_by_age"),)

    def __str__(self) -> str:
        return f"{self.attempt_id}/{self.slot}/{self.offset}"
