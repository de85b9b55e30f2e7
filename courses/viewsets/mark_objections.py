"""Objections to the marks of one session, answered one after the other, the oldest first."""

from typing import Any

from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.digits import read_key
from accounts.scoping.act_forms import ActFormView
from courses.forms.attendance import ObjectionAnswerForm
from courses.models import ClassSession, MarkObjection
from courses.queries.own_attendance import mark_with_minutes, objections_of, open_objections
from courses.services.mark_objections import answer_mark_objection


class MarkObjectionsView(ActFormView):
    model = ClassSession
    select_related = ("cohort__program", "cohort__center")
    template_name = "courses/admin/mark_objections.html"
    page_title = gettext_lazy("Objections to attendance")
    header_icon = "list-ul"
    form_class = ObjectionAnswerForm

    @cached_property
    def objection(self) -> MarkObjection | None:
        """The one that is answered now, even if a colleague was faster; else the oldest that waits."""
        key = read_key(self.request.POST.get("objection", ""))
        answered = objections_of(self.row).filter(pk=key).first() if key else None
        return answered or open_objections(self.row).first()

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "session": self.row, "objection": self.objection}

    def carry_out(self, form: ObjectionAnswerForm) -> str:
        answer_mark_objection(**form.answer_given(), by=self.request.user)
        return _("The objection was answered. The trainee is told.")

    def next_url(self) -> str:
        page = "objections" if open_objections(self.row).exists() else "attendance"
        return reverse(f"classsession:{page}", args=[self.row.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        if self.objection:
            kwargs["mark"] = mark_with_minutes(self.objection.record)
        return super().get_context_data(session=self.row, objection=self.objection, **kwargs)
