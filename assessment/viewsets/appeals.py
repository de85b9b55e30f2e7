"""Appeals against marks in the staff workplace: read and answered by assessors."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import QuerySet
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views.generic.models import InspectView

from accounts.errors import DomainError
from accounts.models import User
from accounts.scoping.act_forms import ActFormView
from accounts.scoping.hands import hands_shown, people_shown
from accounts.scoping.viewsets import CenterViewSet
from accounts.services.formatting import format_number
from assessment.enums import BY_HAND, KeyRule
from assessment.errors import AppealAnswered, MarkedByYou
from assessment.models import Appeal
from assessment.queries.appeals import title_of_appeal
from assessment.queries.feedback import feedback_of
from assessment.queries.keys import KeyInForce, keys_in_force
from assessment.queries.marking import marks_of
from assessment.queries.media import medium_for_staff
from assessment.queries.own_data import response_in_words
from assessment.queries.questions import questions_of, text_of
from assessment.queries.regrades import rule_in_words
from assessment.queries.responses_by_hand import answer_to_read
from assessment.scores import as_points
from assessment.services.appeals import LONGEST, answer_appeal
from courses.errors import CorrectedByTeacher, OwnMark
from courses.queries.timetable import teachers_of_enrollment

_READ = ("attempt__enrollment__person", "attempt__enrollment__cohort__center", "filed_by", "answered_by")


def facts_of(appeal: Appeal, user: User) -> dict[str, Any]:
    """The question as it was asked, what was answered, what is right, and the points."""
    attempt, slot = appeal.attempt, appeal.slot
    one = questions_of(attempt)[slot]
    key = keys_in_force([attempt.versions[slot]])[attempt.versions[slot]]
    points = attempt.points[slot]
    response = attempt.answers.get(slot=slot).response
    return {
        "appeal": appeal,
        "enrollment": attempt.enrollment,
        "number": slot + 1,
        "text": text_of(one),
        "medium": medium_for_staff(one.content, user),
        "response": [] if one.kind in BY_HAND else response_in_words(one, response),
        "answer": answer_to_read(one, response) if one.kind in BY_HAND else None,
        "given": feedback_of(attempt).get(slot),
        "right": [] if one.kind in BY_HAND else right_in_words(key),
        "points": points,
        "points_before": as_points(appeal.from_mark, points),
        "points_after": None if appeal.to_mark is None else as_points(appeal.to_mark, points),
    }


def right_in_words(key: KeyInForce) -> list[str]:
    return rule_in_words(key.rule, key.question if key.rule == KeyRule.KEY else None)


def refusal_for(appeal: Appeal, user: User) -> DomainError | None:
    """What `answer_appeal` would raise, whatever is typed."""
    enrollment = appeal.attempt.enrollment
    if appeal.is_granted is not None:
        return AppealAnswered()
    if enrollment.person_id in people_shown(user):
        return OwnMark()
    if not hands_shown(user).isdisjoint(teachers_of_enrollment(enrollment)):
        return CorrectedByTeacher()
    marked = marks_of(user).filter(task__attempt=appeal.attempt_id, task__slot=appeal.slot)
    return MarkedByYou() if marked.exists() else None


class AppealInspectView(InspectView):
    template_name = "assessment/admin/appeal.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        appeal = Appeal.objects.select_related(*_READ).get(pk=self.object.pk)
        return super().get_context_data(
            **facts_of(appeal, self.request.user), refusal=refusal_for(appeal, self.request.user), **kwargs
        )


class AnswerForm(forms.Form):
    points = forms.DecimalField(
        label=gettext_lazy("Points of the question from now on"),
        max_digits=7,
        decimal_places=2,
        required=False,
        help_text=gettext_lazy("Empty: the mark stays, the appeal is refused."),
    )
    answer = forms.CharField(
        label=gettext_lazy("Answer to the trainee"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("Say what you looked at and why the mark stays or changes."),
    )

    def __init__(self, *args: Any, points: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.of = points
        self.fields["points"].validators += [MinValueValidator(0), MaxValueValidator(points)]

    @property
    def share(self) -> Fraction | None:
        points: Decimal | None = self.cleaned_data["points"]
        return None if points is None else Fraction(points) / self.of


class AnswerAppealView(ActFormView):
    model = Appeal
    select_related = _READ
    template_name = "assessment/admin/answer_appeal.html"
    page_title = gettext_lazy("Answer the appeal")
    header_icon = "edit"
    form_class = AnswerForm
    index_url_name = "appeals:index"

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "points": self.row.attempt.points[self.row.slot]}

    def carry_out(self, form: AnswerForm) -> str:
        answer_appeal(
            appeal_id=self.row.pk, answer=form.cleaned_data["answer"], share=form.share, by=self.request.user
        )
        return _("The appeal is answered. The trainee is told.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            **facts_of(self.row, self.request.user),
            refusal=refusal_for(self.row, self.request.user),
            **kwargs,
        )


def state_of(appeal: Appeal) -> str:
    if appeal.is_granted is None:
        return _("waits")
    return _("granted") if appeal.is_granted else _("refused")


class AppealViewSet(CenterViewSet):
    """Filed by trainees, answered once."""

    model = Appeal
    name = "appeals"
    icon = "help"
    menu_label = gettext_lazy("Appeals")
    add_to_admin_menu = True
    menu_order = 262
    inspect_view_class = AppealInspectView
    list_display = (
        TitleColumn(
            "person",
            label=gettext_lazy("Trainee"),
            accessor="attempt.enrollment.person",
            url_name="appeals:inspect",
        ),
        Column("test", label=gettext_lazy("Test"), accessor="attempt.title"),
        Column("question", label=gettext_lazy("Question"), accessor=lambda row: format_number(row.slot + 1)),
        Column("state", label=gettext_lazy("State"), accessor=state_of),
        "filed_at",
    )
    list_filter = ("is_granted",)
    list_select_related = ("attempt__enrollment__person", "attempt__enrollment__cohort")
    search_fields = ("attempt__title", "reason")
    ordering = ("-filed_at", "-pk")

    def title_of(self, row: Any) -> str:
        return title_of_appeal(row)

    def within(self, rows: QuerySet[Appeal], *, user: User) -> QuerySet[Appeal]:
        return rows.select_related("attempt")

    def get_urlpatterns(self) -> list[URLPattern]:
        answer = self.construct_view(AnswerAppealView, verb="answer")
        return [*super().get_urlpatterns(), path("answer/<int:pk>/", answer, name="answer")]
