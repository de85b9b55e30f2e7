"""Enumerations of this app."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class QuestionKind(models.TextChoices):
    SINGLE = "single", _("one right answer")
    MULTIPLE = "multiple", _("several right answers")
    TRUE_FALSE = "true_false", _("true or false")
    NUMERIC = "numeric", _("a number")
    SHORT_TEXT = "short_text", _("a word")
    MATCHING = "matching", _("pairs")
    ORDERING = "ordering", _("steps in order")
    FILL_IN = "fill_in", _("gaps in a text")
    HOTSPOT = "hotspot", _("places on a picture")
    ESSAY = "essay", _("a text, marked by a person")
    FILES = "files", _("files, marked by a person")


# Their key marks nothing.
BY_HAND = frozenset({QuestionKind.ESSAY, QuestionKind.FILES})


class AttemptState(models.TextChoices):
    OPEN = "open", _("open")
    # Ended: a person has to mark some of its answers.
    AWAITING = "awaiting", _("waits for marks")
    MARKED = "marked", _("marked")


class FileKind(models.TextChoices):
    """What a file of an answer is, as this site wrote it again."""

    PICTURE = "picture", _("picture")
    PDF = "pdf", _("PDF")


class QuestionState(models.TextChoices):
    """Of a question of the bank: where its draft is. A version that was published stays in force next to a new draft."""

    DRAFT = "draft", _("draft")
    REVIEW = "review", _("waits for review")
    PUBLISHED = "published", _("published")
    WITHDRAWN = "withdrawn", pgettext_lazy("question", "withdrawn")


class Purpose(models.TextChoices):
    """Practice and exams are one engine under different rules."""

    PRACTICE = "practice", _("practice: the result explains at once")
    EXAM = "exam", _("exam: right answers are shown once the whole cohort is through")


class SittingState(models.TextChoices):
    PLANNED = "planned", _("planned")
    RUNNING = "running", _("the code is told")
    ENDED = "ended", _("ended")
    CANCELED = "canceled", _("canceled")


class Standing(models.TextChoices):
    """Where a person is with the test of a sitting, as its board says it."""

    NOT_STARTED = "not_started", _("not started")
    ANSWERING = "answering", _("answering")
    HANDED_IN = "handed_in", pgettext_lazy("of a person", "handed in")
    TIME_OUT = "time_out", _("the time ran out")
    ELSEWHERE = "elsewhere", _("in another sitting")
    # No attempt is left, or none is needed.
    DONE_BEFORE = "done_before", _("took it before, not expected")


class EndedBy(models.TextChoices):
    PERSON = "person", _("handed in")
    TIME = "time", _("the time ran out")
    SUPERVISOR = "supervisor", _("ended by the supervisor")


class AttemptAct(models.TextChoices):
    """What a person decided about an attempt."""

    ENDED = "ended", _("ended by the supervisor")
    HELD = "held", _("result held")
    RELEASED = "released", _("result counts again")
    VOIDED = "voided", _("void")


class AttemptNews(models.TextChoices):
    """What a trainee is told of an attempt."""

    ENDED = "ended", _("ended by the supervisor")
    HELD = "held", _("result held")
    RELEASED = "released", _("result counts again")
    VOIDED = "voided", _("void")
    LATE_LEFT = "late_left", _("late answers do not count")
    LATE_SAME = "late_same", _("late answers change nothing")


class Refusal(models.TextChoices):
    """Why a save was refused, as the save protocol names it."""

    OVER = "over", _("handed in before")
    LATE = "late", _("after the time")
    TAKEN_OVER = "taken_over", _("another device goes on")
    FULL = "full", _("too many changes")
    SEQUENCE_USED = "sequence_used", _("number used before")
    UNREADABLE = "unreadable", _("not an answer to the question")


class KeyRule(models.TextChoices):
    """What a correction of a key does."""

    KEY = "key", _("another key")
    EVERYBODY = "everybody", _("everybody gets its points")
    NO_ONE = "no_one", _("it does not count")


class CorrectionCause(models.TextChoices):
    """Why an attempt was marked again."""

    KEY = "key", _("a wrong answer key")
    LATE = "late", _("late answers were counted")
    APPEAL = "appeal", _("an appeal")
    VOID = "void", _("the attempt is void")


class RegradePhase(models.TextChoices):
    PREVIEW = "preview", _("preview")
    RUN = "run", _("regrade")


class RegradeStep(models.TextChoices):
    """Where a regrade is, for people."""

    COUNTING = "counting", _("being counted")
    COUNTED = "counted", _("waits for a decision")
    RUNNING = "running", _("being marked again")
    DONE = "done", _("marked again")
    FAILED = "failed", _("failed")
    DROPPED = "dropped", _("dropped")


class FileFormat(models.TextChoices):
    """What questions are brought in from. A table is a CSV file or an Excel workbook."""

    GIFT = "gift", "GIFT"
    MOODLE_XML = "moodle_xml", "Moodle XML"
    QTI = "qti", "QTI"
    TABLE = "table", _("table (Excel, CSV)")


class TakenOutAs(models.TextChoices):
    """What questions are taken out as."""

    GIFT = "gift", "GIFT"
    MOODLE_XML = "moodle_xml", "Moodle XML"
    QTI = "qti", "QTI 3"
    XLSX = "xlsx", _("Excel workbook")
    CSV = "csv", "CSV"


class RemarkKind(models.TextChoices):
    """What is said of a line of a file of questions."""

    FAULT = "fault", _("error")
    UNSUPPORTED = "unsupported", _("not supported")
    # It is taken, without a part of it.
    NOTE = "note", _("left out")
    HINT = "hint", _("possible slip")
    REPEATED = "repeated", _("repeated")


class SecondMarking(models.TextChoices):
    """Which answers of a quiz two people mark, each without the other."""

    NONE = "none", _("none")
    ALL = "all", _("all of them")
    SAMPLE = "sample", _("a sample")
    NEAR = "near", _("where the score is near the pass mark")


class MarkingState(models.TextChoices):
    """What an answer waits for."""

    FIRST = "first", _("waits for its first mark")
    SECOND = "second", _("waits for its second mark")
    MODERATION = "moderation", _("waits for a decision")
    DONE = "done", pgettext_lazy("answer", "marked")


class MarkRound(models.TextChoices):
    FIRST = "first", _("first mark")
    SECOND = "second", _("second mark")
    MODERATION = "moderation", pgettext_lazy("round of marking", "decision")


class ExamNoticeKind(models.TextChoices):
    PLANNED = "planned", _("exam planned")
    MOVED = "moved", _("exam moved")
    CANCELED = "canceled", _("exam canceled")


class AccommodationNoticeKind(models.TextChoices):
    GIVEN = "given", _("given")
    ENDED = "ended", _("ended")
