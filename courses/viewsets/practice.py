"""Recording results in practical tasks in the staff workplace."""

from typing import Any

from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.errors import DomainError
from accounts.scoping.act_forms import ActFormView
from accounts.scoping.hands import hands_shown, people_shown
from courses.clauses import Task
from courses.errors import OwnMark, TaskNotInRule, TaughtByAssessor
from courses.forms.rules import PracticalResultForm
from courses.models import Enrollment
from courses.queries.timetable import teachers_of_enrollment
from courses.services.practice import record_practical_result


class PracticalResultView(ActFormView):
    """Who passes which practical task, with what was recorded before."""

    model = Enrollment
    select_related = ("person", "cohort__program", "cohort__completion_rule")
    header_icon = "clipboard-list"
    template_name = "courses/admin/practical_result.html"
    page_title = gettext_lazy("Practical assessment")
    form_class = PracticalResultForm

    @cached_property
    def tasks(self) -> tuple[Task, ...]:
        rule = self.row.cohort.completion_rule
        return rule.asks.practice.tasks if rule else ()

    def refusal(self) -> DomainError | None:
        """What `record_practical_result` would raise, whatever is typed."""
        user = self.request.user
        if not self.tasks:
            return TaskNotInRule()
        if self.row.person_id in people_shown(user):
            return OwnMark()
        is_teacher = not hands_shown(user).isdisjoint(teachers_of_enrollment(self.row))
        return TaughtByAssessor() if is_teacher else None

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "tasks": self.tasks}

    def carry_out(self, form: PracticalResultForm) -> str:
        typed = form.cleaned_data
        record_practical_result(
            enrollment_id=self.row.pk,
            task_code=typed["task"],
            score=typed["score"],
            passed=typed["passed"],
            remark=typed["remark"],
            by=self.request.user,
        )
        return _("The result is recorded.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(enrollment=self.row, refusal=self.refusal(), **kwargs)
