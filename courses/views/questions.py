"""Questions under a lesson, as trainees read and write them."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.digits import read_key
from accounts.errors import DomainError
from accounts.scoping.requests import MemberRequest
from accounts.services.formatting import localize_digits
from courses.enums import CohortState, ComplaintKind
from courses.forms.questions import PostForm, QuestionForm, ReportForm
from courses.models import Answer, Enrollment, LessonPage, Question
from courses.queries.complaints import complaint_address
from courses.queries.content import TaughtUnit, taught_seconds, taught_unit
from courses.queries.enrollments import own_enrollment
from courses.queries.outline import unit_address
from courses.queries.questions import (
    muted_until,
    readable_answers,
    readable_question,
    readable_questions,
    shared_questions,
    with_answers,
)
from courses.queries.releases import openness_in
from courses.services.question_moderation import report_post
from courses.services.question_rules import TIME_TO_CHANGE
from courses.services.questions import (
    answer_as_trainee,
    ask_question,
    change_answer,
    change_question,
    remove_question,
    settle_question,
)

QUESTIONS_ON_A_PAGE = 10
ANSWERS_ON_A_PAGE = 20


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def unit_questions(request: MemberRequest, enrollment: UUID, unit_key: UUID) -> HttpResponse:
    """The questions of the own cohort under a lesson; a new one is posted here. Others get a 404."""
    row, taught = _studied(request, enrollment, unit_key)
    form = QuestionForm(request.POST if request.method == "POST" else None, seconds=_seconds(row, unit_key))
    if form.is_valid():
        typed = {"second": None, **form.cleaned_data}
        try:
            asked = ask_question(enrollment_id=row.pk, unit_key=unit_key, **typed)
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Your question was sent. You are told when it is answered."))
            return redirect("courses:question", row.public_id, asked.public_id)
    pages = Paginator(with_answers(readable_questions(row, unit_key)), QUESTIONS_ON_A_PAGE)
    page_obj = pages.get_page(request.GET.get("page"))
    context = {
        **_about(row, taught),
        "form": form,
        "page_obj": page_obj,
        "page_numbers": pages.get_elided_page_range(page_obj.number),
        "shared": list(shared_questions(row, unit_key)) if page_obj.number == 1 else [],
    }
    return render(request, "courses/questions/list.html", context)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def question(request: MemberRequest, enrollment: UUID, question: UUID) -> HttpResponse:
    """One question with its answers; what is written about it is posted here. Others get a 404."""
    row = _own(request, enrollment)
    found = readable_question(row, question)
    if found is None:
        raise Http404
    row, taught = _studied(request, enrollment, found.unit_key)
    posted = QuestionForms(request, row, found)
    if request.method == "POST":
        try:
            if done := posted.act():
                messages.success(request, done)
                return posted.next_page()
        except DomainError as refusal:
            posted.refuse(refusal)
    pages = Paginator(readable_answers(found, row.person_id), ANSWERS_ON_A_PAGE)
    page_obj = pages.get_page(request.GET.get("page"))
    is_own = found.person_id == row.person_id
    context = {
        **_about(row, taught),
        "question": found,
        "page_obj": page_obj,
        "page_numbers": pages.get_elided_page_range(page_obj.number),
        "is_own": is_own,
        "may_change": is_own and _is_fresh(found) and not found.is_hidden and not pages.count,
        "fresh": [
            answer.pk for answer in page_obj if answer.person_id == row.person_id and _is_fresh(answer)
        ],
        "form_name": posted.name,
        "form_answer": posted.answer_id or "",
        "form": posted.shown(),
    }
    return render(request, "courses/questions/question.html", context)


class QuestionForms:
    """The acts that are posted from the page of a question. One form is shown at a time: a link chooses another one."""

    def __init__(self, request: MemberRequest, enrollment: Enrollment, question: Question) -> None:
        self.request = request
        self.enrollment = enrollment
        self.question = question
        typed = request.POST if request.method == "POST" else request.GET
        self.name = typed.get("act", "answer")
        self.answer_id = read_key(typed.get("answer", ""))
        self.form: forms.Form | None = None
        self.is_gone = False

    def act(self) -> str:
        """Do it and say so; "" where the form has errors. Raises `Http404`, and what the services raise."""
        acts: dict[str, Callable[[], str]] = {
            "answer": self._answer,
            "change": self._change,
            "change_answer": self._change_answer,
            "report": self._report,
            "remove": self._remove,
            "solved": lambda: self._settle(is_solved=True),
            "not_yet": lambda: self._settle(is_solved=False),
        }
        if self.name not in acts:
            raise Http404
        return acts[self.name]()

    def refuse(self, refusal: DomainError) -> None:
        if self.form is not None:
            self.form.add_error(None, str(refusal))
        else:
            messages.error(self.request, str(refusal))
        self.question.refresh_from_db()

    def next_page(self) -> HttpResponse:
        if self.is_gone:
            return redirect("courses:unit_questions", self.enrollment.public_id, self.question.unit_key)
        return redirect("courses:question", self.enrollment.public_id, self.question.public_id)

    def shown(self) -> forms.Form:
        """The posted form with its errors, else a blank one of the act that was chosen."""
        if self.form is not None:
            return self.form
        question = self.question
        match self.name:
            case "change":
                return QuestionForm(
                    initial={"text": question.text, "second": question.time},
                    seconds=_seconds(self.enrollment, question.unit_key),
                    is_change=True,
                )
            case "change_answer":
                return PostForm(initial={"text": self._answer_named().text})
            case "report":
                return ReportForm()
        self.name = "answer"
        return PostForm(is_own=self.is_own)

    @property
    def is_own(self) -> bool:
        return self.question.person_id == self.enrollment.person_id

    def _typed(self, form: forms.Form) -> dict[str, Any] | None:
        self.form = form
        return form.cleaned_data if form.is_valid() else None

    def _answer(self) -> str:
        typed = self._typed(PostForm(self.request.POST, is_own=self.is_own))
        if typed is None:
            return ""
        answer_as_trainee(question_id=self.question.pk, enrollment_id=self.enrollment.pk, text=typed["text"])
        return _("Your answer was sent.")

    def _change(self) -> str:
        seconds = _seconds(self.enrollment, self.question.unit_key)
        typed = self._typed(QuestionForm(self.request.POST, seconds=seconds, is_change=True))
        if typed is None:
            return ""
        change_question(
            question_id=self.question.pk,
            enrollment_id=self.enrollment.pk,
            text=typed["text"],
            second=typed.get("second"),
            by=self.request.user,
        )
        return _("Your question is changed.")

    def _change_answer(self) -> str:
        answer = self._answer_named()
        typed = self._typed(PostForm(self.request.POST))
        if typed is None:
            return ""
        change_answer(
            answer_id=answer.pk,
            enrollment_id=self.enrollment.pk,
            text=typed["text"],
            by=self.request.user,
        )
        return _("Your answer is changed.")

    def _report(self) -> str:
        answer = self._answer_named() if self.answer_id else None
        typed = self._typed(ReportForm(self.request.POST))
        if typed is None:
            return ""
        report_post(
            question_id=self.question.pk,
            answer_id=answer.pk if answer else None,
            enrollment_id=self.enrollment.pk,
            reason=typed["reason"],
        )
        return _("Your instructor looks at it. Your colleagues do not learn that you reported it.")

    def _remove(self) -> str:
        remove_question(question_id=self.question.pk, enrollment_id=self.enrollment.pk, by=self.request.user)
        self.is_gone = True
        return _("Your question is removed.")

    def _settle(self, *, is_solved: bool) -> str:
        settle_question(question_id=self.question.pk, enrollment_id=self.enrollment.pk, is_solved=is_solved)
        return _("Marked as solved.") if is_solved else _("Your question waits for your instructor again.")

    def _answer_named(self) -> Answer:
        """An answer of the question that the person reads. Raises `Http404`."""
        answers = readable_answers(self.question, self.enrollment.person_id)
        answer = answers.filter(pk=self.answer_id).first() if self.answer_id is not None else None
        if answer is None:
            raise Http404
        return answer


def _own(request: MemberRequest, public_id: UUID) -> Enrollment:
    """Raises `Http404` for another's, and for one that was withdrawn."""
    row = own_enrollment(request.user, public_id)
    if row is None:
        raise Http404
    return row


def _studied(request: MemberRequest, public_id: UUID, unit_key: UUID) -> tuple[Enrollment, TaughtUnit]:
    """The enrollment and a lesson of it that is open. Raises `Http404`: under a test, questions would give answers away."""
    row = _own(request, public_id)
    version = row.cohort.content_version
    taught = taught_unit(version, unit_key) if version else None
    if taught is None or not isinstance(taught.page, LessonPage) or openness_in(row, unit_key):
        raise Http404
    return row, taught


def _seconds(enrollment: Enrollment, unit_key: UUID) -> float | None:
    version = enrollment.cohort.content_version
    return taught_seconds(version, unit_key) if version else None


def _is_fresh(post: Question | Answer) -> bool:
    return timezone.now() - post.at < TIME_TO_CHANGE


def _about(enrollment: Enrollment, taught: TaughtUnit) -> dict[str, Any]:
    """What both pages say of the unit, and whether the person may write there."""
    key = taught.page.translation_key
    title = localize_digits(taught.page.title)
    is_closed = enrollment.cohort.state == CohortState.CLOSED
    muted = None if is_closed else muted_until(enrollment)
    return {
        "enrollment": enrollment,
        "unit_key": key,
        "title": title,
        "unit_url": unit_address(enrollment, key),
        "has_video": taught.video_version is not None,
        "person_id": enrollment.person_id,
        "is_closed": is_closed,
        "muted": muted,
        "complaint_url": complaint_address(enrollment.cohort, ComplaintKind.QUESTIONS) if muted else "",
        "may_write": not is_closed and muted is None,
        "trail": [
            {"title": _("My learning"), "url": reverse("courses:my_learning")},
            {"title": title, "url": unit_address(enrollment, key)},
            {"title": _("Questions"), "url": ""},
        ],
    }
