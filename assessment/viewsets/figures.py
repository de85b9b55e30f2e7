"""Figures of the questions of a test, and of a question of the bank: for those who read keys there."""

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.mixins import SpreadsheetExportMixin

from accounts.enums import Act
from accounts.models import Center
from accounts.scoping import centers_where, fenced, holds_everywhere
from accounts.scoping.exports import SafeExport
from accounts.scoping.requests import MemberRequest
from assessment.analysis.taken import LEAST
from assessment.models import Question
from assessment.queries.bank import bank_of, excerpt_of
from assessment.queries.cohort_tests import CohortTest, tests_of
from assessment.queries.figures import Figures, figures_for_a_page
from assessment.queries.figures_shown import QuestionFigures, questions_shown, said_of_reliability
from assessment.queries.first_attempts import Scope, years_of
from assessment.services.figures import request_analysis
from courses.models import Cohort

QUESTIONS_ON_A_PAGE = 20
TITLE_LETTERS = 50


class FiguresView(SafeExport, SpreadsheetExportMixin, WagtailAdminTemplateMixin, TemplateView):
    """Questions with their figures, and a file of them. Posting has them calculated where there are too many attempts for a request."""

    request: MemberRequest
    template_name = "assessment/admin/figures.html"
    page_title = gettext_lazy("Figures of the questions")
    header_icon = "history"
    export_headings = {
        "number": gettext_lazy("Question"),
        "version": gettext_lazy("Version"),
        "text": gettext_lazy("Text"),
        "n": gettext_lazy("First attempts"),
        "facility": gettext_lazy("Facility, %"),
        "discrimination": gettext_lazy("Discrimination"),
        "index": gettext_lazy("Upper less lower 27 %"),
        "answer": gettext_lazy("Answer"),
        "is_right": gettext_lazy("Right"),
        "upper": gettext_lazy("Best third"),
        "middle": gettext_lazy("Middle third"),
        "lower": gettext_lazy("Weakest third"),
    }
    list_export: tuple[str, ...] = tuple(export_headings)

    @property
    def scope(self) -> Scope:
        raise NotImplementedError

    @cached_property
    def year(self) -> int | None:
        """That was asked for, where any attempt is of it."""
        asked = self.request.GET.get("year", "")
        return next((year for year in self.years if str(year) == asked), None)

    @cached_property
    def years(self) -> list[int]:
        return years_of(self.whole_scope)

    @property
    def whole_scope(self) -> Scope:
        """Of all years."""
        raise NotImplementedError

    @cached_property
    def figures(self) -> Figures:
        return figures_for_a_page(self.scope)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.figures.is_ready:
            # There is nothing to download.
            self.list_export = ()
        elif self.is_export:
            shown = questions_shown(self.figures.items)
            return self.as_spreadsheet(list(_lines(shown)), request.GET["export"])  # type: ignore[no-any-return]
        return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if self.figures.is_enough:
            request_analysis(self.scope)
            messages.success(
                request, _("The figures are being calculated. Open this page again in a minute.")
            )
        return redirect(request.get_full_path())

    def get_filename(self) -> str:
        return "figures"

    def to_row_dict(self, item: dict[str, Any]) -> dict[str, Any]:
        return item

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        if "object_list" in kwargs:
            return kwargs
        figures = self.figures
        page = Paginator(figures.items, QUESTIONS_ON_A_PAGE).get_page(self.request.GET.get("p"))
        questions = questions_shown(list(page))
        own = bank_of(self.request.user).filter(pk__in={one.version.question_id for one in questions})
        whole = figures.reliability
        asked = self.request.GET.copy()
        asked.pop("p", None)
        facts: dict[str, Any] = {
            "test": None,
            "question": None,
            "is_of_program": False,
            "center": None,
            "centers": [],
        }
        return super().get_context_data(
            figures=figures,
            least=LEAST,
            page=page,
            questions=questions,
            # A question of the ministry that was withdrawn since is read there no more.
            readable=set(own.values_list("pk", flat=True)),
            whole=whole,
            whole_sentences=said_of_reliability(whole) if whole else [],
            mean=round(whole.mean * 100) if whole else None,
            years=self.years,
            year=self.year,
            asked=asked.urlencode(),
            asked_but_year=self._asked_without("year"),
            asked_but_of=self._asked_without("of"),
            may_correct=holds_everywhere(self.request.user, Act.CORRECT_CONTENT),
            is_ministry=holds_everywhere(self.request.user, Act.VIEW_QUESTIONS),
            **(facts | kwargs),
        )

    def _asked_without(self, name: str) -> str:
        asked = self.request.GET.copy()
        for one in (name, "p", "export"):
            asked.pop(one, None)
        return asked.urlencode()


def _lines(shown: list[QuestionFigures]) -> Iterator[dict[str, Any]]:
    """One for each answer of each question."""
    for number, one in enumerate(shown, start=1):
        facts: dict[str, Any] = {
            "number": number,
            "version": one.version.pk,
            "text": one.text,
            "n": one.n,
            "facility": round(one.figures.facility * 100, 1) if one.figures else "",
            "discrimination": "",
            "index": round(one.figures.index, 3) if one.figures else "",
        }
        if one.figures and one.figures.discrimination is not None:
            facts["discrimination"] = round(one.figures.discrimination, 3)
        answers: list[dict[str, Any]] = [
            {
                "answer": answer.text,
                "is_right": {True: _("yes"), False: _("no"), None: ""}[answer.is_right],
                "upper": answer.upper,
                "middle": answer.middle,
                "lower": answer.lower,
            }
            for answer in one.answers
        ]
        nothing = dict.fromkeys(("answer", "is_right", "upper", "middle", "lower"), "")
        for answer in answers or [nothing]:
            yield facts | answer


class TestFiguresView(FiguresView):
    """Of the test that `?test=` names: in the cohort, or in all cohorts of its program, of the center or, for the ministry, of all."""

    test: CohortTest

    @cached_property
    def cohort(self) -> Cohort:
        cohorts = Cohort.objects.select_related("program", "center", "content_version")
        reach = fenced(cohorts, user=self.request.user, act=Act.VIEW_QUESTIONS)
        cohort: Cohort = get_object_or_404(reach, pk=self.kwargs["pk"])
        return cohort

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        named = request.GET.get("test", "")
        test = next((one for one in tests_of(self.cohort) if str(one.key) == named), None)
        if test is None:
            return redirect("cohort:tests", self.cohort.pk)
        self.test = test
        answer: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return answer

    @property
    def is_of_program(self) -> bool:
        return self.request.GET.get("of") == "program"

    @property
    def whole_scope(self) -> Scope:
        if not self.is_of_program:
            return Scope(quiz_key=self.test.key, cohort=self.cohort.pk)
        is_ministry = holds_everywhere(self.request.user, Act.VIEW_QUESTIONS)
        center = None if is_ministry else self.cohort.center_id
        return Scope(quiz_key=self.test.key, program=self.cohort.program_id, center=center)

    @property
    def scope(self) -> Scope:
        whole = self.whole_scope
        return Scope(**{**whole.__dict__, "year": self.year})

    def get_filename(self) -> str:
        return f"{self.cohort.code}-questions"

    def get_page_subtitle(self) -> str:
        return self.test.title

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse("cohort:index"), "label": capfirst(Cohort._meta.verbose_name_plural)},
            {"url": reverse("cohort:tests", args=[self.cohort.pk]), "label": self.cohort.code},
            {"url": "", "label": self.get_page_title()},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        if "object_list" in kwargs:
            return super().get_context_data(**kwargs)
        return super().get_context_data(
            cohort=self.cohort,
            test=self.test,
            is_of_program=self.is_of_program,
            back_url=reverse("cohort:tests", args=[self.cohort.pk]),
            **kwargs,
        )


class BankFiguresView(FiguresView):
    """Of a question of the bank over all tests, version by version: of the attempts of a center, for the ministry of all."""

    page_title = gettext_lazy("Figures of the question")
    model = Question

    @cached_property
    def question(self) -> Question:
        rows = bank_of(self.request.user, Question.objects.of_the_bank().select_related("published", "owner"))
        question: Question = get_object_or_404(rows, pk=self.kwargs["pk"])
        return question

    @cached_property
    def centers(self) -> list[Center]:
        """Whose attempts the reader may see, by name: of a question of a center those of that center."""
        centers = centers_where(self.request.user, Act.VIEW_QUESTIONS)
        if self.question.owner_id is not None:
            centers = centers.filter(pk=self.question.owner_id)
        return list(centers.order_by("name_ar", "pk"))

    @cached_property
    def center(self) -> Center | None:
        """None for all of them."""
        if self.is_ministry and self.question.owner_id is None:
            return None
        if not self.centers:
            raise Http404
        asked = self.request.GET.get("center", "")
        return next((one for one in self.centers if str(one.pk) == asked), self.centers[0])

    @cached_property
    def is_ministry(self) -> bool:
        return holds_everywhere(self.request.user, Act.VIEW_QUESTIONS)

    @property
    def whole_scope(self) -> Scope:
        return Scope(question=self.question.pk, center=self.center.pk if self.center else None)

    @property
    def scope(self) -> Scope:
        return Scope(**{**self.whole_scope.__dict__, "year": self.year})

    def get_filename(self) -> str:
        return f"question-{self.question.pk}"

    def get_page_subtitle(self) -> str:
        return excerpt_of(self.question, TITLE_LETTERS)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse("bank:index"), "label": _("Question bank")},
            {"url": self.back_url, "label": self.get_page_subtitle()},
            {"url": "", "label": self.get_page_title()},
        ]

    @property
    def back_url(self) -> str:
        return reverse("bank:inspect", args=[self.question.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        if "object_list" in kwargs:
            return super().get_context_data(**kwargs)
        return super().get_context_data(
            question=self.question,
            center=self.center,
            centers=self.centers if self.center and len(self.centers) > 1 else [],
            back_url=self.back_url,
            **kwargs,
        )
