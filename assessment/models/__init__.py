from assessment.models.attempts import Answer, Attempt
from assessment.models.pages import QuizPage

__all__ = ["Answer", "Attempt", "QuizPage"]
