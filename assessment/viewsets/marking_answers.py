"""One answer with the form of its mark: the first or second mark, the decision about two, and the own mark once more."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.generic import FormView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from accounts.errors import DomainError
from accounts.scoping.requests import MemberRequest
from assessment.enums import MarkRound
from assessment.errors import BeingMarked, MarkSettled
from assessment.models import Answer, Mark, MarkingTask
from assessment.queries.marking import (
    MarkInWords,
    counting_marks,
    free_for,
    is_replaceable,
    latest_marks_of,
    mark_in_words,
    waiting_for_decision_of,
    waiting_for_mark_of,
)
from assessment.queries.media import medium_for_staff
from assessment.queries.questions import StoredQuestion, explanation_of, stored_questions, text_of
from assessment.queries.responses_by_hand import AnswerToRead, CriterionToRead, answer_to_read, rubric_of
from assessment.services.marks import decide_mark, give_mark, replace_mark
from assessment.viewsets.marking import DecisionsView, MarkingView, queue_url, to_next
from assessment.viewsets.marking_forms import DecisionForm, MarkForm, initial_of


@method_decorator(never_cache, name="dispatch")
class _AnswerView(WagtailAdminTemplateMixin, FormView):
    """One answer with the form of a mark."""

    request: MemberRequest
    template_name = "assessment/admin/mark_answer.html"
    header_icon = "edit"
    form_class = MarkForm
    decides = False
    task: MarkingTask

    def waiting(self) -> QuerySet[MarkingTask]:
        """What waits for the reader, open or not."""
        raise NotImplementedError

    def rows(self) -> QuerySet[MarkingTask]:
        """The answers that the reader may open here."""
        return self.waiting().filter(claimed_by=self.request.user)

    def left(self) -> int:
        """How many answers to this question wait for the reader, this one among them."""
        rows = free_for(self.waiting(), self.request.user)
        return rows.filter(version=self.task.version_id).count()

    def carry_out(self, form: MarkForm) -> None:
        """Raises `DomainError`."""
        raise NotImplementedError

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        # What was typed is shown again where a colleague opened the answer meanwhile.
        had_it_open = constant_time_compare(request.POST.get("opened", ""), self.opened)
        rows = self.waiting() if had_it_open else self.rows()
        found = rows.select_related("attempt").filter(code=kwargs["code"]).first()
        if found is None:
            return self.elsewhere()
        self.task = found
        return super().dispatch(request, *args, **kwargs)

    @property
    def opened(self) -> str:
        """What says that this reader was shown this answer."""
        what = f"{self.request.user.pk}/{self.kwargs['code']}"
        return salted_hmac("assessment.marking", what, algorithm="sha256").hexdigest()

    def elsewhere(self) -> HttpResponse:
        """Of an answer that is not open for the reader any more; 404 for one that never was."""
        own = latest_marks_of(self.request.user).filter(task__code=self.kwargs["code"])
        if not own.exists():
            raise Http404
        messages.info(self.request, _("You marked this answer already."))
        return redirect(queue_url(decides=self.decides))

    @cached_property
    def question(self) -> StoredQuestion:
        [question] = stored_questions([self.task.version_id])
        return question

    @cached_property
    def rubric(self) -> list[CriterionToRead]:
        return rubric_of(self.question.key)

    @property
    def most(self) -> int:
        return self.task.attempt.points[self.task.slot]

    @cached_property
    def answer(self) -> AnswerToRead:
        response = Answer.objects.values_list("response", flat=True).get(
            attempt=self.task.attempt_id, slot=self.task.slot
        )
        return answer_to_read(self.question, response)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "rubric": self.rubric, "most": self.most}

    def form_valid(self, form: MarkForm) -> HttpResponse:
        try:
            if not self.rows().filter(pk=self.task.pk).exists():
                raise BeingMarked
            self.carry_out(form)
        except DomainError as refusal:
            form.add_error(None, str(refusal))
            return self.form_invalid(form)
        return self.after()

    def after(self) -> HttpResponse:
        messages.success(self.request, _("The mark is saved."))
        return to_next(self.request, self.task.version_id, decides=self.decides)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        queue = DecisionsView if self.decides else MarkingView
        return [
            *self.breadcrumbs_items,
            {"url": queue_url(decides=self.decides), "label": str(queue.page_title)},
            {"url": "", "label": self.get_page_title()},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            back_url=queue_url(decides=self.decides),
            task=self.task,
            opened=self.opened,
            text=text_of(self.question),
            medium=medium_for_staff(self.question.content, self.request.user),
            answer=self.answer,
            most=self.most,
            rubric_most=sum(line.most for line in self.rubric),
            explanation=explanation_of(self.question) if self.question.key.get("explanation") else "",
            left=self.left(),
            **{"pins": (), "first_number": 1, **kwargs},
        )


class MarkAnswerView(_AnswerView):
    """Give a mark, then the next answer to the same question."""

    request: MemberRequest
    page_title = gettext_lazy("Mark an answer by hand")

    def waiting(self) -> QuerySet[MarkingTask]:
        return waiting_for_mark_of(self.request.user)

    def carry_out(self, form: MarkForm) -> None:
        give_mark(task_id=self.task.pk, given=form.given, by=self.request.user)


class DecideMarkView(_AnswerView):
    """Both marks, without who gave them or when, and the form of the one that counts."""

    request: MemberRequest
    page_title = gettext_lazy("Decide about two marks")
    form_class = DecisionForm
    decides = True

    def waiting(self) -> QuerySet[MarkingTask]:
        return waiting_for_decision_of(self.request.user)

    def carry_out(self, form: MarkForm) -> None:
        decide_mark(task_id=self.task.pk, given=form.given, by=self.request.user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        # The higher one first: their order says nothing of who was first.
        both = sorted(counting_marks(self.task), key=lambda mark: (-mark.share, mark.comment))
        files, given = self.answer.files, list[MarkInWords]()
        for mark in both:
            first = 1 + sum(len(one.pins) for one in given)
            given.append(mark_in_words(mark, self.rubric, files, first=first))
        pins = [pin for one in given for pin in one.pins]
        return super().get_context_data(both=given, pins=pins, first_number=len(pins) + 1, **kwargs)


class ReplaceMarkView(_AnswerView):
    """The own mark once more, until the attempt has its result."""

    request: MemberRequest
    page_title = gettext_lazy("Correct your mark")

    @cached_property
    def own(self) -> Mark | None:
        mark: Mark | None = (
            latest_marks_of(self.request.user)
            .filter(is_replaceable(), task__code=self.kwargs["code"])
            .first()
        )
        return mark

    def waiting(self) -> QuerySet[MarkingTask]:
        return MarkingTask.objects.filter(pk__in=[self.own.task_id] if self.own else [])

    def rows(self) -> QuerySet[MarkingTask]:
        return self.waiting()

    def left(self) -> int:
        return 0

    def elsewhere(self) -> HttpResponse:
        newest = latest_marks_of(self.request.user).filter(task__code=self.kwargs["code"]).first()
        if newest is None:
            raise Http404
        messages.info(self.request, str(MarkSettled()))
        return self._list(newest)

    def get_initial(self) -> dict[str, Any]:
        return initial_of(self.own) if self.own else {}

    def carry_out(self, form: MarkForm) -> None:
        replace_mark(task_id=self.task.pk, given=form.given, by=self.request.user)

    def after(self) -> HttpResponse:
        messages.success(self.request, _("The mark is saved. The one before is kept with it."))
        return self._list(self.own)

    def _list(self, mark: Mark | None) -> HttpResponse:
        """The one on which the mark is."""
        is_decision = mark is not None and mark.round == MarkRound.MODERATION
        return redirect("marking_decided" if is_decision else "marking_mine")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(is_again=True, **kwargs)


class LaterView(View):
    """Leaves an answer for later, or for others, and opens the next one."""

    request: MemberRequest
    decides = False

    def rows(self) -> QuerySet[MarkingTask]:
        return waiting_for_mark_of(self.request.user)

    def post(self, request: MemberRequest, code: UUID) -> HttpResponse:
        task = get_object_or_404(self.rows().filter(claimed_by=request.user), code=code)
        return to_next(request, task.version_id, decides=self.decides, task=task)


class DecideLaterView(LaterView):
    request: MemberRequest
    decides = True

    def rows(self) -> QuerySet[MarkingTask]:
        return waiting_for_decision_of(self.request.user)
