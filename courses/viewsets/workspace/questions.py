"""The questions of a cohort, in its workspace."""

from typing import Any

from django.core.paginator import Paginator

from courses.models import Question
from courses.queries.questions import described, questions_of
from courses.viewsets.workspace.tabs import WorkspaceTabView

QUESTIONS_ON_A_PAGE = 25


class QuestionsTab(WorkspaceTabView):
    """The longest wait first; for who answers there."""

    template_name = "courses/admin/workspace/questions.html"
    tab = "questions"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        own = questions_of(self.request.user, Question.objects.filter(cohort=self.cohort))
        rows = described(own).select_related("person").order_by("waiting_since", "-at", "pk")
        page = Paginator(rows, QUESTIONS_ON_A_PAGE).get_page(self.request.GET.get("p"))
        return super().get_context_data(page=page, **kwargs)
