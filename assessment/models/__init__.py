from assessment.models.accommodations import Accommodation, AccommodationReason
from assessment.models.analyses import ItemAnalysis, ItemFigures, KeptVersion
from assessment.models.answer_files import AnswerFile, AnswerFilePart
from assessment.models.appeals import Appeal, AppealNotice
from assessment.models.attempts import Answer, Attempt, AttemptDecision, FurtherAttempt
from assessment.models.exams import ExamWindow, Incident, KeysRead, Sitting, TimeGrant
from assessment.models.late import LateDecision
from assessment.models.marks import FeedbackFile, Mark, MarkingTask, ResultNotice
from assessment.models.notices import AccommodationNotice, AttemptNotice, ExamNotice
from assessment.models.pages import QuizPage
from assessment.models.question_imports import QuestionImport, QuestionRemark
from assessment.models.questions import Question, QuestionPicture, QuestionRecording, QuestionVersion
from assessment.models.regrades import (
    AttemptCorrection,
    CorrectionReview,
    KeyCorrection,
    KeyOnPage,
    Regrade,
    RegradeLine,
    ScoreNotice,
)
from assessment.models.responses import LateResponse, RefusedSave, ResponseEvent

__all__ = [
    "Accommodation",
    "AccommodationNotice",
    "AccommodationReason",
    "Answer",
    "AnswerFile",
    "AnswerFilePart",
    "Appeal",
    "AppealNotice",
    "Attempt",
    "AttemptCorrection",
    "AttemptDecision",
    "AttemptNotice",
    "CorrectionReview",
    "ExamNotice",
    "ExamWindow",
    "FeedbackFile",
    "FurtherAttempt",
    "Incident",
    "ItemAnalysis",
    "ItemFigures",
    "KeptVersion",
    "KeyCorrection",
    "KeyOnPage",
    "KeysRead",
    "LateDecision",
    "LateResponse",
    "Mark",
    "MarkingTask",
    "Question",
    "QuestionImport",
    "QuestionPicture",
    "QuestionRecording",
    "QuestionRemark",
    "QuestionVersion",
    "QuizPage",
    "RefusedSave",
    "Regrade",
    "RegradeLine",
    "ResponseEvent",
    "ResultNotice",
    "ScoreNotice",
    "Sitting",
    "TimeGrant",
]
