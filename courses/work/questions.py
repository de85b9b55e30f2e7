"""Questions of trainees that wait for an answer."""

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy

from accounts.enums import Act, RoleName
from accounts.models import User
from accounts.scoping.work import Work, WorkItem
from accounts.services.formatting import format_since
from courses.models import Question
from courses.queries.questions import overdue_questions, reported, waiting_questions

SHOWN_LETTERS = 80


class QuestionsOfTrainees(Work):
    act = Act.ANSWER_QUESTIONS

    def line(self, row: Question) -> WorkItem:
        return WorkItem(
            Truncator(" ".join(row.text.split())).chars(SHOWN_LETTERS) or str(row),
            reverse("question:inspect", args=[row.pk]),
            f"{row.cohort.code} · {row.cohort.program.title}",
            format_since(row.waiting_since) if row.waiting_since else "",
        )


class QuestionsWaiting(QuestionsOfTrainees):
    """Of the cohorts that the instructor teaches."""

    name = "questions"
    title = gettext_lazy("Questions without an answer")
    help = gettext_lazy("Answer, or mark what a fellow trainee wrote as the answer.")
    roles = frozenset({RoleName.INSTRUCTOR})
    order = 25

    def rows(self, user: User) -> QuerySet[Question]:
        own = Q(cohort__in=user.cohorts_taught.order_by().values("pk"))
        found = self.reach_or_own(waiting_questions(Question.objects.all()), user, own=own)
        return found.select_related("cohort__program").order_by("waiting_since", "pk")


class QuestionsReported(QuestionsOfTrainees):
    """With a report about which no one has decided: of the question, or of an answer to it."""

    name = "reported-questions"
    title = gettext_lazy("Questions and answers that trainees reported")
    help = gettext_lazy("Read why. Hide what is out of place, or leave it as it is.")
    roles = frozenset({RoleName.INSTRUCTOR, RoleName.CENTER_MANAGER})
    order = 24

    def rows(self, user: User) -> QuerySet[Question]:
        own = Q(cohort__in=user.cohorts_taught.order_by().values("pk"))
        found = self.reach_or_own(reported(Question.objects.all()), user, own=own)
        return found.select_related("cohort__program").order_by("at", "pk")


class QuestionsOverdue(QuestionsOfTrainees):
    """Of the whole center, once they have waited for `QUESTION_DAYS` working days."""

    name = "overdue-questions"
    title = gettext_lazy("Questions that wait for days")
    help = gettext_lazy("Ask the instructor, or answer yourself.")
    roles = frozenset({RoleName.CENTER_MANAGER})
    order = 26

    def rows(self, user: User) -> QuerySet[Question]:
        found = self.reach(overdue_questions(Question.objects.all()), user)
        return found.select_related("cohort__program").order_by("waiting_since", "pk")
