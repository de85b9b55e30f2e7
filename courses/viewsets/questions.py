"""Questions of trainees in the staff workplace: answered, marked, hidden, shared."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import Http404
from django.urls import URLPattern, path
from django.utils.functional import cached_property
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_filters import ChoiceFilter
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic import InspectView

from accounts.digits import read_key
from accounts.enums import Act
from accounts.models import User
from accounts.scoping.act_forms import ActFormView
from accounts.scoping.viewsets import ActView, CenterViewSet
from accounts.services.formatting import format_date
from courses.enums import CohortState
from courses.forms.questions import HideForm, MuteForm, StaffAnswerForm
from courses.models import Answer, Question
from courses.queries.questions import (
    answers_for_staff,
    cohorts_to_answer_in,
    described,
    muted_among,
    open_reports_of,
    questions_of,
    reported,
    waiting_questions,
)
from courses.services.question_moderation import (
    accept_answer,
    hide_post,
    mute_trainee,
    restore_post,
    settle_reports,
    share_question,
    stop_sharing,
    unmute_trainee,
)
from courses.services.questions import answer_as_staff

# Letters of a question in a list, and in the title of its page, which a phone shows on three lines.
SHOWN_LETTERS = 80
TITLE_LETTERS = 50
# Of a filter: these, or all.
ONLY = (("true", gettext_lazy("Yes")),)


class QuestionFilterSet(WagtailFilterSet):
    waiting = ChoiceFilter(
        label=gettext_lazy("Waits for an answer"), choices=ONLY, method="only_waiting", widget=forms.Select
    )
    reported = ChoiceFilter(
        label=gettext_lazy("Reported"), choices=ONLY, method="only_reported", widget=forms.Select
    )

    class Meta:
        model = Question
        fields = ["cohort", "waiting", "reported"]

    def only_waiting(self, rows: QuerySet[Question], _name: str, _value: str) -> QuerySet[Question]:
        return waiting_questions(rows)

    def only_reported(self, rows: QuerySet[Question], _name: str, _value: str) -> QuerySet[Question]:
        return reported(rows)


def _excerpt(question: Question, letters: int = SHOWN_LETTERS) -> str:
    return Truncator(" ".join(question.text.split())).chars(letters) or "–"


def _state(question: Any) -> str:
    if question.is_hidden:
        return _("hidden")
    if question.accepted_id:
        return _("answered")
    if question.solved_at:
        return _("solved")
    return _("waits for an answer")


def _since(question: Question) -> str:
    return format_date(question.waiting_since) if question.waiting_since and not question.is_hidden else "–"


class QuestionInspectView(InspectView):
    template_name = "courses/admin/question.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = Question.objects.select_related("person", "cohort__program", "accepted", "hidden_by")
        question: Any = described(rows).get(pk=self.object.pk)
        answers: list[Any] = list(answers_for_staff(question))
        posts = [question, *answers]
        muted = muted_among(question.cohort_id, {post.person_id for post in posts if post.person_id})
        for post in posts:
            post.mute = muted.get(post.person_id)
        return super().get_context_data(
            question=question,
            answers=answers,
            reports=open_reports_of(question),
            may_write=question.cohort.state != CohortState.CLOSED,
            **kwargs,
        )


class OfOnePost(ActView):
    """An act on the question, or on the answer to it that is posted."""

    model = Question

    @property
    def answer_id(self) -> int | None:
        return _answer_of(self.kwargs["pk"], self.request.POST.get("answer", ""))


class RestoreView(OfOnePost):
    def act_on(self, pk: int) -> str:
        restore_post(question_id=pk, answer_id=self.answer_id, by=self.request.user)
        return _("All read it again.")


class AcceptView(OfOnePost):
    def act_on(self, pk: int) -> str:
        accept_answer(question_id=pk, answer_id=self.answer_id or 0, by=self.request.user)
        return _("It is marked as the answer.")


class SettleReportsView(ActView):
    model = Question

    def act_on(self, pk: int) -> str:
        settle_reports(question_id=pk, by=self.request.user)
        return _("It stays as it is.")


class ShareView(ActView):
    model = Question

    def act_on(self, pk: int) -> str:
        share_question(question_id=pk, by=self.request.user)
        return _("All cohorts of the program read it now, without the names of trainees.")


class StopSharingView(ActView):
    model = Question

    def act_on(self, pk: int) -> str:
        stop_sharing(question_id=pk, by=self.request.user)
        return _("Its own cohort alone reads it again.")


class UnmuteView(ActView):
    model = Question

    def act_on(self, pk: int) -> str:
        question, person_id = _author(pk, self.request.POST.get("answer", ""))
        unmute_trainee(cohort_id=question.cohort_id, person_id=person_id, by=self.request.user)
        return _("The trainee may write again.")


class QuestionFormView(ActFormView):
    """One form about the question, or about the answer to it in `?answer=`, whose words are repeated above it."""

    model = Question
    select_related = ("cohort", "person")
    header_icon = "help"
    template_name = "courses/admin/question_act.html"
    help_text: Any = ""
    button: Any = gettext_lazy("Save")

    @cached_property
    def answer(self) -> Answer | None:
        key = _answer_of(self.row.pk, self.request.GET.get("answer", ""))
        return answers_for_staff(self.row).get(pk=key) if key else None

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            question=self.row,
            post=self.answer or self.row,
            help_text=self.help_text,
            button=self.button,
            **kwargs,
        )


class AnswerView(QuestionFormView):
    page_title = gettext_lazy("Write an answer")
    form_class = StaffAnswerForm
    button = gettext_lazy("Send the answer")

    def carry_out(self, form: StaffAnswerForm) -> str:
        answer_as_staff(question_id=self.row.pk, **form.cleaned_data, by=self.request.user)
        return _("Your answer was sent. The trainee is told.")


class HideView(QuestionFormView):
    page_title = gettext_lazy("Hide")
    form_class = HideForm
    button = gettext_lazy("Hide it")
    help_text = gettext_lazy(
        "Trainees do not read it any more, but its author does, with your reason. You can show it again."
    )

    def carry_out(self, form: HideForm) -> str:
        answer_id = self.answer.pk if self.answer else None
        hide_post(question_id=self.row.pk, answer_id=answer_id, **form.cleaned_data, by=self.request.user)
        return _("It is hidden.")


class MuteView(QuestionFormView):
    page_title = gettext_lazy("Stop the trainee from writing")
    form_class = MuteForm
    button = gettext_lazy("Stop from writing")
    help_text = gettext_lazy(
        "The trainee reads on, and writes no questions and answers in this cohort up to the last day. You can end it before."
    )

    def carry_out(self, form: MuteForm) -> str:
        question, person_id = _author(self.row.pk, self.request.GET.get("answer", ""))
        mute_trainee(
            cohort_id=question.cohort_id, person_id=person_id, **form.cleaned_data, by=self.request.user
        )
        day = format_date(form.cleaned_data["until"])
        return _("The trainee writes nothing here until the end of %(day)s.") % {"day": day}


def _answer_of(question_id: int, typed: str) -> int | None:
    """The key of an answer of the question; None where none is named. Raises `Http404` for another one's."""
    if not typed:
        return None
    key = read_key(typed)
    if key is None or not Answer.objects.filter(pk=key, question=question_id).exists():
        raise Http404
    return key


def _author(question_id: int, typed: str) -> tuple[Question, int]:
    """The question, and the trainee who wrote it or the answer. Raises `Http404` where that is not a trainee."""
    question = Question.objects.get(pk=question_id)
    key = _answer_of(question_id, typed)
    if key is None:
        return question, question.person_id
    person_id = question.answers.get(pk=key).person_id
    if person_id is None:
        raise Http404
    return question, person_id


class QuestionViewSet(CenterViewSet):
    """Questions are answered and moderated, never edited by staff."""

    model = Question
    name = "question"
    icon = "help"
    menu_label = gettext_lazy("Questions")
    inspect_view_class = QuestionInspectView
    filterset_class = QuestionFilterSet
    list_display = (
        "__str__",
        Column("text", label=gettext_lazy("Words"), accessor=_excerpt),
        Column("unit_title", label=gettext_lazy("Unit")),
        "cohort",
        "person",
        Column("waiting", label=gettext_lazy("Waiting since"), accessor=_since),
        Column("state", label=gettext_lazy("State"), accessor=_state),
        Column(
            "open_reports",
            label=gettext_lazy("Reports by trainees"),
            accessor=lambda row: row.open_reports or 0,
        ),
    )
    list_select_related = ("cohort", "person")
    search_fields = ("text",)
    search_backend_name = None
    ordering = ("waiting_since", "-at", "pk")

    def title_of(self, row: Question) -> str:
        """Its first words, unless they were erased."""
        return _excerpt(row, TITLE_LETTERS) if row.text else str(row)

    def within(self, rows: QuerySet[Question], *, user: User) -> QuerySet[Question]:
        return described(questions_of(user, rows))

    def choices(self, name: str, rows: QuerySet[Any], *, user: User, act: Act) -> QuerySet[Any]:
        if name == "cohort":
            return rows.filter(pk__in=cohorts_to_answer_in(user).order_by().values("pk"))
        return super().choices(name, rows, user=user, act=act)

    def get_urlpatterns(self) -> list[URLPattern]:
        index = self.get_url_name("index")
        moderating = {
            "restore": RestoreView,
            "accept": AcceptView,
            "settle_reports": SettleReportsView,
            "share": ShareView,
            "stop_sharing": StopSharingView,
            "unmute": UnmuteView,
        }
        pages = {"hide": HideView, "mute": MuteView}
        return [
            *super().get_urlpatterns(),
            path(
                "answer/<int:pk>/",
                self.construct_view(AnswerView, verb="answer", index_url_name=index),
                name="answer",
            ),
            *(
                path(f"{name}/<int:pk>/", self.construct_view(view, verb="moderate"), name=name)
                for name, view in moderating.items()
            ),
            *(
                path(
                    f"{name}/<int:pk>/",
                    self.construct_view(view, verb="moderate", index_url_name=index),
                    name=name,
                )
                for name, view in pages.items()
            ),
        ]
