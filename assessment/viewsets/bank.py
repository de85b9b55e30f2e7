"""The question bank in the staff workplace."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.utils.cache import patch_cache_control
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views import generic

from accounts.enums import Act
from accounts.errors import DomainError
from accounts.models import User
from accounts.scoping import may, may_everywhere
from accounts.scoping.hands import hands_shown
from accounts.scoping.requests import MemberRequest
from accounts.scoping.viewsets import CenterViewSet
from accounts.services.formatting import format_date
from assessment.enums import QuestionKind, QuestionState
from assessment.errors import OnlyFromAFile, QuestionUnderReview, QuestionWithdrawn
from assessment.models import Question, QuestionPicture
from assessment.queries.bank import (
    attempts_asking,
    bank_of,
    draft_of,
    events_of,
    excerpt_of,
    languages_missing,
    reads_draft,
    version_as_draft,
    versions_of,
    written_by,
)
from assessment.queries.bank_pages import (
    areas_of,
    hints_on,
    key_of,
    response_in,
    rubric_in_languages,
    shown_in_languages,
    tried,
)
from assessment.queries.bank_use import pages_asking
from assessment.queries.negative import negative_figures_of
from assessment.services.bank import (
    change_question,
    write_question,
)
from assessment.services.freezing import digest_of
from assessment.viewsets.bank_acts import (
    DiscardView,
    KeepView,
    PublishView,
    ReinstateView,
    SendBackView,
    SubmitView,
    TakeBackView,
    WithdrawView,
)
from assessment.viewsets.bank_drafts import BankDraftsView
from assessment.viewsets.bank_form import (
    BankFilterSet,
    BankQuestionForm,
    opens_in_the_form,
)
from assessment.viewsets.bank_list import BankIndexView, TakeOutView
from assessment.viewsets.figures import BankFiguresView
from courses.queries.occupations import occupation_title

TITLE_LETTERS = 50
READS = frozenset({"view", "take_out"})

# For the audit trail: the act, and what was done.
BANK_ACTIONS = {
    "assessment.bank.take_out": (
        gettext_lazy("Take questions out"),
        gettext_lazy("Questions with their keys taken out as a file"),
    ),
    "assessment.question_import.upload": (
        gettext_lazy("Upload questions"),
        gettext_lazy("File of questions uploaded"),
    ),
    "assessment.question_import.start": (
        gettext_lazy("Bring questions in"),
        gettext_lazy("Questions of a file brought in"),
    ),
    "assessment.question_import.finish": (
        gettext_lazy("Write drafts"),
        gettext_lazy("Questions of a file written as drafts"),
    ),
    "assessment.question.write": (
        gettext_lazy("Write question"),
        gettext_lazy("Question of the bank written"),
    ),
    "assessment.question.change": (
        gettext_lazy("Change question"),
        gettext_lazy("Draft of a question changed"),
    ),
    "assessment.question.label": (
        gettext_lazy("Label question"),
        gettext_lazy("Tags and labels of a question changed"),
    ),
    "assessment.question.submit": (
        gettext_lazy("Submit for review"),
        gettext_lazy("Question submitted for review"),
    ),
    "assessment.question.take_back": (
        gettext_lazy("Take the question back"),
        gettext_lazy("Question taken back from its review"),
    ),
    "assessment.question.publish": (gettext_lazy("Publish the question"), gettext_lazy("Question published")),
    "assessment.question.send_back": (
        gettext_lazy("Send the question back"),
        gettext_lazy("Question sent back to who wrote it"),
    ),
    "assessment.question.discard": (
        gettext_lazy("Discard draft"),
        gettext_lazy("Draft of a question discarded"),
    ),
    "assessment.question.withdraw": (
        gettext_lazy("Withdraw the question"),
        gettext_lazy("Question withdrawn"),
    ),
    "assessment.question.reinstate": (
        gettext_lazy("Put in force again"),
        gettext_lazy("Question in force again"),
    ),
    "assessment.question.keep": (
        gettext_lazy("Leave the question as it is"),
        gettext_lazy("Question stays though its discrimination is negative"),
    ),
}


def state_of(question: Question) -> str:
    """The state in words: of the version in force, and of the draft next to it."""
    if question.published_id is None or question.state in (QuestionState.PUBLISHED, QuestionState.WITHDRAWN):
        return str(question.get_state_display())
    if question.state == QuestionState.REVIEW:
        return _("published; a new draft waits for review")
    return _("published; with a new draft")


class WordsColumn(TitleColumn):
    """The first words: as wide as a phone can show next to other columns."""

    def get_value(self, instance: Question) -> Any:
        return format_html('<span class="bank-words">{}</span>', super().get_value(instance))


class BankCreateView(generic.CreateView):
    template_name = "assessment/admin/bank_create.html"


class BankEditView(generic.EditView):
    """The form, with what may be a slip of the keyboard above it."""

    template_name = "assessment/admin/bank_edit.html"

    def get_page_subtitle(self) -> str:
        return excerpt_of(self.object, TITLE_LETTERS)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        hints = hints_on(draft_of(self.object))
        return super().get_context_data(hints=hints, is_in_force=self.object.is_in_force, **kwargs)


class BankInspectView(generic.InspectView):
    """What trainees see, in both languages, the key, a trial of the marking, versions and acts.

    Who reads a question of another owner sees what is in force, and nothing of its draft.
    """

    template_name = "assessment/admin/bank_question.html"

    def get_object(self, queryset: QuerySet[Question] | None = None) -> Question:
        rows = Question.objects.all() if queryset is None else queryset
        related = ("owner", "author", "changed_by", "published", "published_by")
        return get_object_or_404(rows.select_related(*related), pk=self.kwargs["pk"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        question, user = self.object, self.request.user
        reads = reads_draft(user, question)
        published = version_as_draft(question.published) if question.published else None
        is_of_force = published is not None and (not reads or "published" in self.request.GET)
        draft = published if published is not None and is_of_force else draft_of(question)
        is_rewritten = reads and published is not None and draft_of(question) != published
        versions = versions_of(question)
        own = Question.objects.filter(written_by(hands_shown(user)), pk=question.pk)
        return super().get_context_data(
            question=question,
            state=state_of(question),
            occupation=occupation_title(question.occupation) if question.occupation else "",
            reads_draft=reads,
            is_rewritten=is_rewritten,
            is_of_force=is_of_force,
            shown=shown_in_languages(draft, user, response_in(self.request.GET, draft.kind)),
            trial=tried(draft, self.request.GET),
            missing=languages_missing(draft.content),
            key_lines=key_of(draft),
            rubric=rubric_in_languages(draft),
            is_rubric_shown="rubric" in draft.content,
            areas=areas_of(draft),
            hints=hints_on(draft) if reads else [],
            versions=versions,
            events=events_of(question) if reads else [],
            attempts=attempts_asking(versions).count() if versions else 0,
            pages=pages_asking(question, user),
            digest=digest_of(*draft_of(question)) if reads else "",
            is_own=own.exists(),
            may_write=may(user, self.viewset.acts["change"], on=question),
            may_publish=may(user, self.viewset.acts["publish"], on=question),
            may_correct_keys=may_everywhere(user, Act.CORRECT_CONTENT),
            opens=opens_in_the_form(question),
            negative=negative_figures_of(question),
            **kwargs,
        )


class PictureView(View):
    """The picture of a question, for who reads the question: of its draft, or as it is in force."""

    model = Question
    request: MemberRequest

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        question = get_object_or_404(Question.objects.select_related("published"), pk=pk)
        published = version_as_draft(question.published) if question.published else None
        is_of_force = "published" in request.GET or not reads_draft(self.request.user, question)
        draft = published if published is not None and is_of_force else draft_of(question)
        if draft.kind != QuestionKind.HOTSPOT:
            return redirect("bank:inspect", pk)
        picture = get_object_or_404(QuestionPicture, source=draft.content["picture"]["source"])
        answer = HttpResponse(bytes(picture.data), content_type="image/webp")
        patch_cache_control(answer, private=True, max_age=60)
        return answer


class BankViewSet(CenterViewSet):
    """Questions of the own centers, and what the ministry published, to read."""

    model = Question
    name = "bank"
    icon = "list-ul"
    menu_label = gettext_lazy("Question bank")
    menu_order = 220
    menu_name = "bank"
    add_to_admin_menu = True
    index_view_class = BankIndexView
    add_view_class = BankCreateView
    edit_view_class = BankEditView
    inspect_view_class = BankInspectView
    filterset_class = BankFilterSet
    form_class = BankQuestionForm
    change_label = gettext_lazy("Change the question")
    list_display = (
        WordsColumn("words", label=gettext_lazy("Question"), accessor=excerpt_of, url_name="bank:inspect"),
        Column("kind", label=gettext_lazy("Kind"), accessor="get_kind_display"),
        Column("state", label=gettext_lazy("State"), accessor=state_of),
        Column("owner", label=gettext_lazy("Owner"), accessor=lambda row: row.owner or _("The ministry")),
        Column("difficulty", label=gettext_lazy("Difficulty"), accessor="difficulty"),
        Column("tags", label=gettext_lazy("Tags"), accessor=lambda row: _(", ").join(row.tags)),
        Column("competence", label=gettext_lazy("Competence"), accessor="competence"),
        Column(
            "occupation",
            label=gettext_lazy("Occupation"),
            accessor=lambda row: occupation_title(row.occupation) if row.occupation else "–",
        ),
        Column(
            "published_at",
            label=gettext_lazy("Published"),
            accessor=lambda row: format_date(row.published_at) if row.published_at else "–",
        ),
    )
    list_select_related = ("owner", "published")
    search_fields = ("folded",)
    search_backend_name = None
    ordering = ("-pk",)

    def all_rows(self) -> QuerySet[Question]:
        return Question.objects.of_the_bank()

    def fence_rows(self, rows: QuerySet[Any], *, user: Any, verb: str) -> QuerySet[Any]:
        """All verbs but reading are for the own questions."""
        if verb not in READS:
            return super().fence_rows(rows, user=user, verb=verb)
        return bank_of(user, rows)

    def within(self, rows: QuerySet[Any], *, user: User) -> QuerySet[Any]:
        return rows.filter(quiz_key=None)

    def title_of(self, row: Question) -> str:
        return excerpt_of(row, TITLE_LETTERS)

    def refusal_to_change(self, row: Question) -> DomainError | None:
        if row.state == QuestionState.REVIEW:
            return QuestionUnderReview()
        if row.state == QuestionState.WITHDRAWN:
            return QuestionWithdrawn()
        return None if opens_in_the_form(row) else OnlyFromAFile()

    def create_row(self, form: BankQuestionForm, *, by: User) -> Question:
        owner = form.cleaned_data["owner"]
        return write_question(owner=owner, draft=form.draft, labels=form.labels, by=by)

    def change_row(self, form: BankQuestionForm, *, by: User) -> Question:
        return change_question(question_id=form.instance.pk, draft=form.draft, labels=form.labels, by=by)

    def get_history_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        """What was done to a draft is not for who reads the version in force alone."""
        kept: dict[str, Any] = super().get_history_view_kwargs(verb="change", **kwargs)
        return kept

    def get_urlpatterns(self) -> list[URLPattern]:
        index = self.get_url_name("index")
        acts = {
            "submit": SubmitView,
            "take_back": TakeBackView,
            "discard": DiscardView,
            "publish": PublishView,
            "reinstate": ReinstateView,
        }
        pages = {"send_back": SendBackView, "withdraw": WithdrawView, "keep": KeepView}
        return [
            *super().get_urlpatterns(),
            path("picture/<int:pk>/", self.construct_view(PictureView, verb="view"), name="picture"),
            path("figures/<int:pk>/", self.construct_view(BankFiguresView, verb="view"), name="figures"),
            path("drafts/", self.construct_view(BankDraftsView, verb="add"), name="drafts"),
            path("take_out/", self.construct_view(TakeOutView, verb="take_out"), name="take_out"),
            *(
                path(f"{name}/<int:pk>/", self.construct_view(view, verb=name), name=name)
                for name, view in acts.items()
            ),
            *(
                path(
                    f"{name}/<int:pk>/",
                    self.construct_view(view, verb=name, index_url_name=index),
                    name=name,
                )
                for name, view in pages.items()
            ),
        ]
