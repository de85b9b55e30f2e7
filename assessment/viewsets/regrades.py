"""Correcting the key of a question that was asked: by the ministry, counted before it is decided."""

from collections.abc import Iterator
from typing import Any, cast
from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import Max, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.loader import render_to_string
from django.urls import URLPattern, path, reverse
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View
from django.views.generic import FormView, TemplateView
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.models import InspectView
from wagtail.admin.widgets import Button
from wagtail.models import Page

from accounts.enums import Act
from accounts.errors import DomainError
from accounts.models import User
from accounts.scoping import holds_everywhere, may_everywhere
from accounts.scoping.audit import InspectViewWithTrail
from accounts.scoping.hands import is_of_one_hand
from accounts.scoping.requests import MemberRequest
from accounts.scoping.viewsets import ActView, CenterViewSet
from accounts.services.formatting import format_list, format_percent
from assessment.bilingual import Draft
from assessment.enums import KeyRule, RegradeStep
from assessment.models import QuestionVersion, QuizPage, Regrade
from assessment.queries.appeals import granted_about
from assessment.queries.bank_pages import areas_of
from assessment.queries.keys_in_words import key_in_words
from assessment.queries.questions import in_language
from assessment.queries.regrades import (
    asked_question,
    doubts_after,
    marked_later,
    picture_of,
    rows_of,
    rule_in_words,
    still_published,
    versions_of_quiz,
    who_else_starts,
)
from assessment.services.regrades import drop_regrade, propose_regrade, start_regrade
from assessment.viewsets.key_forms import KeyForm
from courses.models import Enrollment

QUESTIONS_ON_A_PAGE = 20
ROWS_ON_A_PAGE = 50
TITLE_CHARACTERS = 80
# On one line of a list.
LINE_CHARACTERS = 40
ONLY = {
    "": gettext_lazy("All"),
    "passed": gettext_lazy("Pass now"),
    "failed": gettext_lazy("Pass no more"),
    "completed": gettext_lazy("Completed before"),
    "documents": gettext_lazy("Certificate in force"),
}


def title_of_question(version: QuestionVersion, characters: int = TITLE_CHARACTERS) -> str:
    return Truncator(" ".join(in_language(version.content["text"]).split())).chars(characters)


class QuestionColumn(TitleColumn):
    """The beginning of a question, on one line: a list on a phone would break its words."""

    def get_value(self, instance: Regrade) -> SafeString:
        text = title_of_question(instance.version, LINE_CHARACTERS)
        return format_html('<bdi class="w-whitespace-nowrap">{}</bdi>', text)


class _OfTheMinistry(WagtailAdminTemplateMixin):
    """Pages of no row of the viewset: for who may correct keys everywhere."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not may_everywhere(cast("MemberRequest", request).user, Act.CORRECT_CONTENT):
            raise Http404
        answer: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return answer


class QuestionsAskedView(_OfTheMinistry, TemplateView):
    """What was asked in a quiz, with the keys: where the correction of one begins."""

    request: MemberRequest
    template_name = "assessment/admin/questions_asked.html"
    page_title = gettext_lazy("Questions as they were asked")
    header_icon = "help"
    model = Regrade

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        key = self.kwargs["quiz_key"]
        rows = versions_of_quiz(key)
        if not (rows.exists() or QuizPage.objects.filter(translation_key=key).exists()):
            raise Http404
        page = Paginator(rows, QUESTIONS_ON_A_PAGE).get_page(self.request.GET.get("p"))
        return super().get_context_data(
            page=page,
            questions=[asked_question(version) for version in page],
            quiz_title=self.quiz_title(),
            **kwargs,
        )

    def quiz_title(self) -> str:
        """Empty where its pages are gone."""
        pages = QuizPage.objects.filter(translation_key=self.kwargs["quiz_key"])
        titles = dict(pages.values_list("locale__language_code", "title"))
        return in_language(titles)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, *_way(), {"url": "", "label": self.get_page_title()}]


class ProposeView(_OfTheMinistry, FormView):
    """Another key, or none, and why. Nothing is marked again yet."""

    request: MemberRequest
    template_name = "assessment/admin/propose_regrade.html"
    page_title = gettext_lazy("Correct the key")
    header_icon = "edit"
    form_class = KeyForm
    model = Regrade

    @cached_property
    def version(self) -> QuestionVersion:
        rows = QuestionVersion.objects.select_related("question")
        version: QuestionVersion = get_object_or_404(rows, pk=self.kwargs["version"])
        return version

    @cached_property
    def marked_by(self) -> QuestionVersion:
        """The question with the key that counts now."""
        correction = self.version.corrections.select_related("to_version").first()
        return (correction.to_version if correction else None) or self.version

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "version": self.version, "key": self.marked_by.key}

    def form_valid(self, form: KeyForm) -> HttpResponse:
        try:
            regrade = propose_regrade(
                version_id=self.version.pk,
                rule=KeyRule(form.cleaned_data["rule"]),
                reason=form.cleaned_data["reason"],
                key=form.key,
                by=self.request.user,
            )
        except DomainError as refusal:
            form.add_error(None, str(refusal))
            return self.form_invalid(form)
        return redirect("regrade:inspect", regrade.pk)

    def get_page_subtitle(self) -> str:
        return title_of_question(self.version)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        quiz_key = self.version.question.quiz_key
        # A question of the bank is of no quiz.
        asked = [reverse("regrade:questions", args=[quiz_key])] if quiz_key else []
        return [
            *self.breadcrumbs_items,
            *_way(),
            *({"url": url, "label": str(QuestionsAskedView.page_title)} for url in asked),
            {"url": "", "label": self.get_page_title()},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            text=in_language(self.version.content["text"]),
            key=key_in_words(self.marked_by),
            picture=picture_of(self.version),
            areas=areas_of(Draft(self.version.kind, self.version.content, self.marked_by.key)),
            **kwargs,
        )


def _way() -> list[dict[str, Any]]:
    return [{"url": reverse("regrade:index"), "label": str(RegradeViewSet.menu_label)}]


def progress_of(regrade: Regrade) -> dict[str, Any]:
    """What the page polls while the work goes on. Enrollments are looked at in the order of their keys."""
    last = Enrollment.objects.aggregate(last=Max("pk"))["last"] if regrade.is_open else None
    percent = min(99, 100 * regrade.position // last) if last else 0
    label = render_to_string("assessment/admin/regrade_progress.txt", {"regrade": regrade}).strip()
    return {
        "is_live": regrade.is_open,
        "percent": percent,
        "percent_label": format_percent(percent),
        "label": label,
        "trouble": "",
    }


class RegradeInspectView(InspectViewWithTrail, InspectView):
    """What it would change, or changed, attempt by attempt."""

    template_name = "assessment/admin/regrade.html"

    def get_page_subtitle(self) -> str:
        return title_of_question(self.object.version)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        regrade: Regrade = self.object
        only = self.request.GET.get("only", "")
        only = only if only in ONLY else ""
        page = Paginator(rows_of(regrade, only=only), ROWS_ON_A_PAGE).get_page(self.request.GET.get("p"))
        is_counted = regrade.step == RegradeStep.COUNTED
        is_allowed = may_everywhere(self.request.user, Act.CORRECT_CONTENT)
        is_own = is_counted and is_of_one_hand(
            self.request.user, [regrade.proposed_by_id], Act.CORRECT_CONTENT, on=regrade.proposed_at
        )
        # As it was when it was proposed.
        before = regrade.after
        return super().get_context_data(
            regrade=regrade,
            steps=RegradeStep,
            text=in_language(regrade.version.content["text"]),
            key_before=rule_in_words(before.rule, before.to_version)
            if before
            else key_in_words(regrade.version),
            key_after=rule_in_words(regrade.rule, regrade.to_version),
            page=page,
            only=only,
            choices=list(ONLY.items()),
            doubts=doubts_after(regrade) if regrade.step == RegradeStep.DONE else 0,
            later=marked_later(regrade.version_id) if is_counted else None,
            still_published=still_published(regrade, self.request.user) if regrade.started_by_id else [],
            may_start=is_counted and is_allowed and not is_own,
            waits_for_another=is_own and is_allowed,
            others=format_list(who_else_starts(regrade)) if is_own else "",
            may_drop=is_allowed and regrade.step in (RegradeStep.COUNTED, RegradeStep.COUNTING),
            progress=progress_of(regrade),
            appeals=Paginator(granted_about(regrade.version_id), ROWS_ON_A_PAGE).get_page(
                self.request.GET.get("a")
            ),
            **kwargs,
        )


class ProgressView(View):
    model = Regrade

    def get(self, request: HttpRequest, pk: int) -> JsonResponse:
        return JsonResponse(progress_of(get_object_or_404(Regrade, pk=pk)))


class StartView(ActView):
    model = Regrade

    def act_on(self, pk: int) -> str:
        start_regrade(regrade_id=pk, by=self.request.user)
        return _("The key is corrected. What was marked before is being marked again.")


class DropView(ActView):
    model = Regrade

    def act_on(self, pk: int) -> str:
        drop_regrade(regrade_id=pk, by=self.request.user)
        return _("Dropped. Every mark is as it was.")


class RegradeViewSet(CenterViewSet):
    """Proposed, started and dropped, never edited."""

    model = Regrade
    name = "regrade"
    icon = "rotate"
    menu_label = gettext_lazy("Corrected keys")
    add_to_admin_menu = True
    menu_order = 260
    inspect_view_class = RegradeInspectView
    list_display = (
        QuestionColumn("question", label=gettext_lazy("Question"), url_name="regrade:inspect"),
        "rule",
        Column("get_step_display", label=gettext_lazy("State")),
        "asked",
        "changed",
        "proposed_by",
        "proposed_at",
    )
    list_filter = ("rule", "phase")
    list_select_related = ("version", "proposed_by")
    search_fields = ("reason",)

    def within(self, rows: QuerySet[Regrade], *, user: User) -> QuerySet[Regrade]:
        return rows.select_related("version", "to_version", "after__to_version", "proposed_by", "started_by")

    def title_of(self, row: Any) -> str:
        return title_of_question(row.version)

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            *super().get_urlpatterns(),
            path(
                "questions/<uuid:quiz_key>/",
                self.construct_view(QuestionsAskedView, verb="propose"),
                name="questions",
            ),
            path("propose/<int:version>/", self.construct_view(ProposeView, verb="propose"), name="propose"),
            path("start/<int:pk>/", self.construct_view(StartView, verb="start"), name="start"),
            path("drop/<int:pk>/", self.construct_view(DropView, verb="drop"), name="drop"),
            path("progress/<int:pk>/", self.construct_view(ProgressView, verb="view"), name="progress"),
        ]


def button_of_quiz(page: Page, user: User, view_name: str, next_url: str | None = None) -> Iterator[Button]:
    """In the menu of a quiz that was taken."""
    key: UUID = page.translation_key
    if (
        isinstance(page.specific, QuizPage)
        and may_everywhere(user, Act.CORRECT_CONTENT)
        and versions_of_quiz(key).exists()
    ):
        address = reverse("regrade:questions", args=[key])
        yield Button(_("Correct an answer key"), address, icon_name="rotate", priority=64)


def button_of_listed_quiz(page: Page, user: User, next_url: str | None = None) -> Iterator[Button]:
    """In the menu of a quiz in the list of pages. It asks no query for a row: of a quiz that no one took, the page says so."""
    if page.specific_class is QuizPage and holds_everywhere(user, Act.CORRECT_CONTENT):
        address = reverse("regrade:questions", args=[page.translation_key])
        yield Button(_("Correct an answer key"), address, icon_name="rotate", priority=64)
