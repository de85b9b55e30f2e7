"""What a marker marked."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import BooleanField, ExpressionWrapper
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.generic import TemplateView

from accounts.enums import Act
from accounts.scoping.requests import MemberRequest
from assessment.queries.marking import (
    is_replaceable,
    latest_marks_of,
    points_in_words,
)
from assessment.queries.questions import stored_questions, text_of
from assessment.viewsets.marking import OfMarkers

MARKS_ON_A_PAGE = 50


@method_decorator(never_cache, name="dispatch")
class OwnMarksView(OfMarkers, TemplateView):
    """What the reader marked, the newest first."""

    request: MemberRequest
    template_name = "assessment/admin/own_marks.html"
    page_title = gettext_lazy("What you marked")
    act = Act.MARK_ANSWERS

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = latest_marks_of(self.request.user).annotate(
            may_replace=ExpressionWrapper(is_replaceable(), BooleanField())
        )
        page = Paginator(rows.select_related("task"), MARKS_ON_A_PAGE).get_page(self.request.GET.get("p"))
        questions = {one.version: one for one in stored_questions([row.task.version_id for row in page])}
        lines = [
            {
                "mark": row,
                "text": text_of(questions[row.task.version_id]),
                "points": points_in_words(row.earned, row.most),
            }
            for row in page
        ]
        return super().get_context_data(page=page, lines=lines, **kwargs)
