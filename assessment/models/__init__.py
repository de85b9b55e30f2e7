from assessment.models.accommodations import Accommodation, AccommodationReason
from assessment.models.attempts import Answer, Attempt
from assessment.models.exams import ExamWindow, Incident, Sitting, TimeGrant
from assessment.models.pages import QuizPage
from assessment.models.questions import Question, QuestionPicture, QuestionVersion
from assessment.models.responses import LateResponse, RefusedSave, ResponseEvent

__all__ = [
    "Accommodation",
    "AccommodationReason",
    "Answer",
    "Attempt",
    "ExamWindow",
    "Incident",
    "LateResponse",
    "Question",
    "QuestionPicture",
    "QuestionVersion",
    "QuizPage",
    "RefusedSave",
    "ResponseEvent",
    "Sitting",
    "TimeGrant",
]
