"""What a marker marked, and what was decided by who decides."""

from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.db.models import BooleanField, ExpressionWrapper, QuerySet
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.generic import TemplateView

from accounts.enums import Act
from accounts.scoping.requests import MemberRequest
from assessment.enums import MarkRound
from assessment.models import Mark
from assessment.queries.marking import is_replaceable, latest_marks_of, mark_in_points
from assessment.queries.questions import stored_questions, text_of
from assessment.viewsets.marking import OfMarkers

MARKS_ON_A_PAGE = 50
# In the choice of tests, the newest first.
MOST_TESTS = 200


class OwnMarksFilter(forms.Form):
    """Which of the own marks are shown. What it does not know, it takes for all."""

    test = forms.ChoiceField(label=gettext_lazy("Test"), required=False)
    state = forms.ChoiceField(
        label=gettext_lazy("State"),
        required=False,
        choices=[
            ("", gettext_lazy("all")),
            ("open", gettext_lazy("can be corrected still")),
            ("settled", gettext_lazy("counts already")),
        ],
    )

    def __init__(self, *args: Any, tests: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["test"].choices = [("", gettext_lazy("all")), *tests]  # type: ignore[attr-defined]

    def narrowed(self, rows: QuerySet[Mark]) -> QuerySet[Mark]:
        self.is_valid()
        chosen = self.cleaned_data
        if test := chosen.get("test"):
            rows = rows.filter(task__attempt__quiz_key=test)
        if state := chosen.get("state"):
            rows = rows.filter(is_replaceable() if state == "open" else ~is_replaceable())
        return rows


class _OwnListView(OfMarkers, TemplateView):
    """The newest first."""

    request: MemberRequest
    template_name = "assessment/admin/own_marks.html"
    decides = False

    @cached_property
    def own(self) -> QuerySet[Mark]:
        marks = latest_marks_of(self.request.user)
        rows = (
            marks.filter(round=MarkRound.MODERATION)
            if self.decides
            else marks.exclude(round=MarkRound.MODERATION)
        )
        return rows.annotate(may_replace=ExpressionWrapper(is_replaceable(), BooleanField()))

    def tests(self) -> list[tuple[str, str]]:
        rows = self.own.order_by().values_list("task__attempt__quiz_key", "task__attempt__title").distinct()
        return sorted({str(key): title for key, title in rows[:MOST_TESTS]}.items(), key=lambda one: one[1])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        chosen = OwnMarksFilter(self.request.GET, tests=self.tests())
        rows = chosen.narrowed(self.own).select_related("task__attempt")
        page = Paginator(rows, MARKS_ON_A_PAGE).get_page(self.request.GET.get("p"))
        questions = {one.version: one for one in stored_questions([row.task.version_id for row in page])}
        lines = [
            {
                "mark": row,
                "text": text_of(questions[row.task.version_id]),
                "points": mark_in_points(row),
            }
            for row in page
        ]
        kept = self.request.GET.copy()
        kept.pop("p", None)
        return super().get_context_data(
            page=page, lines=lines, filter=chosen, kept=kept.urlencode(), decides=self.decides, **kwargs
        )


@method_decorator(never_cache, name="dispatch")
class OwnMarksView(_OwnListView):
    request: MemberRequest
    page_title = gettext_lazy("What you marked")
    act = Act.MARK_ANSWERS


@method_decorator(never_cache, name="dispatch")
class OwnDecisionsView(_OwnListView):
    request: MemberRequest
    page_title = gettext_lazy("What you decided")
    act = Act.MODERATE_MARKS
    decides = True
