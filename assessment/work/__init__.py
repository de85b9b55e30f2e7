"""What waits for staff about questions and exams."""

from django.utils.translation import gettext_lazy

from accounts.enums import Act
from accounts.scoping.work import Shortcut
from assessment.work.appeals import AppealsWaiting
from assessment.work.bank import (
    WRITERS,
    QuestionDrafts,
    QuestionsSentBack,
    QuestionsToReview,
    QuestionsWithNegativeFigures,
)
from assessment.work.decisions import HeldResults
from assessment.work.late import LateAnswers, UnitsLeftFailed
from assessment.work.marking import AnswersToMark, MarksToDecide, WithoutMarker, WithoutMarkerForDays
from assessment.work.regrades import CorrectedKeysInBank, CorrectedKeysOnPages, RegradesToStart
from assessment.work.sittings import ExamsNotReady, ExamsToday
from assessment.work.touched import TouchedCertificates

WORK = (
    ExamsNotReady,
    ExamsToday,
    AnswersToMark,
    MarksToDecide,
    WithoutMarker,
    WithoutMarkerForDays,
    QuestionsToReview,
    QuestionsSentBack,
    QuestionDrafts,
    AppealsWaiting,
    QuestionsWithNegativeFigures,
    LateAnswers,
    UnitsLeftFailed,
    HeldResults,
    TouchedCertificates,
    RegradesToStart,
    CorrectedKeysOnPages,
    CorrectedKeysInBank,
)

SHORTCUTS = (Shortcut(gettext_lazy("Write a question"), "bank:add", "help", WRITERS, Act.WRITE_QUESTIONS),)
