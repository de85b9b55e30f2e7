"""Files of questions that authors bring into the bank, and what is said of their lines."""

import datetime as dt

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from assessment.enums import FileFormat, RemarkKind
from courses.enums import ImportPhase
from courses.models import CheckedImport

LONGEST_DETAIL = 300


class QuestionImport(CheckedImport):
    """A file of questions, which become drafts.

    `position` is the number of its questions that are done in this phase; each batch commits together with it.
    """

    # Rows without a center are the ministry's.
    center_path = "owner"
    task_name = "assessment.tasks.run_question_import"
    # A file is read as a whole, which takes a minute where it has 20,000 questions.
    lease = dt.timedelta(minutes=10)
    backoff = (dt.timedelta(seconds=10),)
    about_related = ("owner",)

    owner = models.ForeignKey(
        "accounts.Center",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="question_imports",
        verbose_name=_("owner"),
        help_text=_("The center whose questions they are. Without one they are the ministry's."),
    )
    file_format = models.CharField(_("format"), max_length=10, choices=FileFormat)
    # Of texts that say none; by their letters where it is empty.
    language = models.CharField(_("language"), max_length=2, blank=True)
    # For each of the questions, besides its own.
    tags = models.JSONField(_("tags"), default=list, blank=True)
    has_category_tags = models.BooleanField(_("categories as tags"), default=False)
    # How many questions the file has: items, those that are not supported, and faults. Known once it was read.
    questions = models.PositiveIntegerField(_("questions in the file"), default=0)
    position = models.PositiveIntegerField(_("questions done"), default=0)
    created = models.PositiveIntegerField(_("new drafts"), default=0)
    unchanged = models.PositiveIntegerField(_("already there"), default=0)
    unsupported = models.PositiveIntegerField(_("not supported"), default=0)
    faulty = models.PositiveIntegerField(_("with errors"), default=0)
    # Empty until its author has read the check and starts it.
    started_at = models.DateTimeField(_("started at"), null=True, blank=True)

    class Meta(CheckedImport.Meta):
        abstract = False
        ordering = ("-uploaded_at", "-pk")
        verbose_name = _("file of questions")
        verbose_name_plural = _("files of questions")
        constraints = (
            *CheckedImport.Meta.constraints,
            models.CheckConstraint(
                condition=Q(phase=ImportPhase.CHECK, started_at__isnull=True)
                | Q(phase=ImportPhase.IMPORT, started_at__isnull=False),
                name="question_import_is_started_by_a_person",
            ),
            models.CheckConstraint(
                condition=Q(position=F("created") + F("unchanged") + F("unsupported") + F("faulty")),
                name="question_import_counts_every_question_once",
            ),
        )

    @property
    def total(self) -> int:
        return self.questions

    @property
    def about(self) -> str:
        return f"{self.owner.code if self.owner else '–'}: {self.file_name}"


class QuestionRemark(models.Model):
    """What is said of a question of a file. `code` is one of `assessment.exchange.item` or of `assessment.exchange_words`."""

    center_path = "run__owner"

    run = models.ForeignKey(
        QuestionImport, models.CASCADE, related_name="remarks", verbose_name=_("file of questions")
    )
    kind = models.CharField(_("kind"), max_length=11, choices=RemarkKind)
    # 0 where it is about the file; of a package, `member` is the document.
    line = models.PositiveIntegerField(_("line"))
    member = models.CharField(_("document"), max_length=LONGEST_DETAIL, blank=True)
    title = models.CharField(_("question"), max_length=LONGEST_DETAIL, blank=True)
    code = models.CharField(max_length=40)
    # What the file says there.
    detail = models.CharField(max_length=LONGEST_DETAIL, blank=True)

    class Meta:
        ordering = ("run_id", "member", "line", "pk")
        verbose_name = _("remark about a question of a file")
        verbose_name_plural = _("remarks about questions of files")
        indexes = (models.Index(fields=("run", "kind", "member", "line"), name="question_remark_by_line"),)

    def __str__(self) -> str:
        return f"{self.run_id}:{self.line} {self.code}"
