from assessment.models.attempts import Answer, Attempt
from assessment.models.pages import QuizPage
from assessment.models.questions import Question, QuestionVersion

__all__ = ["Answer", "Attempt", "Question", "QuestionVersion", "QuizPage"]
