"""Views for taking a quiz, which work without scripts. Users without an enrollment get a 404."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.errors import DomainError
from accounts.scoping.requests import MemberRequest
from assessment.errors import AttemptOver
from assessment.forms import answers_in, hidden_inputs
from assessment.models import Attempt
from assessment.queries.asking import questions_to_answer, unanswered
from assessment.queries.attempts import attempts_left, attempts_of, quiz_of, unit_to_go_on_with
from assessment.queries.reviewing import review
from assessment.services.attempts import save_answers, start_attempt, submit_attempt
from courses.queries.enrollments import active_enrollment
from courses.queries.outline import unit_address


@login_required
@require_POST
def start(request: MemberRequest, unit_key: UUID) -> HttpResponse:
    enrollment = active_enrollment(request.user, unit_key)
    if enrollment is None or quiz_of(enrollment, unit_key) is None:
        raise Http404
    try:
        attempt = start_attempt(enrollment_id=enrollment.pk, unit_key=unit_key, by=request.user)
    except DomainError as error:
        messages.error(request, str(error))
        return redirect(unit_address(enrollment, unit_key))
    return redirect("assessment:attempt", attempt.public_id)


@never_cache
@login_required
@require_safe
def show_attempt(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """The questions of an open attempt; the result of a marked one."""
    attempt = get_object_or_404(attempts_of(request.user), public_id=public_id)
    if attempt.is_open:
        return _ask(request, attempt)
    left = attempts_left(attempt, quiz_of(attempt.enrollment, attempt.quiz_key))
    context = {
        "attempt": attempt,
        "quiz_url": _quiz_url(attempt),
        "attempts_left": left,
        # While another attempt is left, the result shows what was wrong and why, not the right options.
        "questions": review(attempt, shows_right_options=not left),
        "go_on": unit_to_go_on_with(attempt) if attempt.passed else None,
    }
    return render(request, "assessment/result.html", context)


@login_required
@require_POST
def save(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """Keep the answers so far, as the page's script sends them: 204, or why not in plain text."""
    attempt = get_object_or_404(attempts_of(request.user), public_id=public_id)
    posted = answers_in(request.POST, attempt)
    try:
        if posted.refusal:
            raise posted.refusal
        save_answers(attempt_id=attempt.pk, responses=posted.responses)
    except AttemptOver as refusal:
        return HttpResponse(str(refusal), status=HTTPStatus.CONFLICT, content_type="text/plain")
    except DomainError as refusal:
        return HttpResponse(str(refusal), status=HTTPStatus.BAD_REQUEST, content_type="text/plain")
    return HttpResponse(status=HTTPStatus.NO_CONTENT)


@login_required
@require_POST
def submit(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """Keep the answers and ask whether to send them; mark what was confirmed."""
    attempt = get_object_or_404(attempts_of(request.user), public_id=public_id)
    posted = answers_in(request.POST, attempt)
    try:
        if posted.refusal:
            raise posted.refusal
        if "confirmed" in request.POST:
            submit_attempt(attempt_id=attempt.pk, responses=posted.responses, by=request.user)
            return redirect("assessment:attempt", attempt.public_id)
        attempt = save_answers(attempt_id=attempt.pk, responses=posted.responses)
    except AttemptOver:
        return redirect("assessment:attempt", attempt.public_id)
    except DomainError as error:
        return _ask(request, attempt, responses=posted.responses, error=error)
    if "later" in request.POST:
        messages.success(request, _("Your answers are kept. Go on when you like."))
        return redirect(_quiz_url(attempt))
    context = {"attempt": attempt, "unanswered": unanswered(attempt), "kept": hidden_inputs(attempt)}
    return render(request, "assessment/confirm.html", context)


def _quiz_url(attempt: Attempt) -> str:
    return unit_address(attempt.enrollment, attempt.quiz_key)


def _ask(
    request: HttpRequest,
    attempt: Attempt,
    *,
    responses: Mapping[int, Any] | None = None,
    error: DomainError | None = None,
) -> HttpResponse:
    context = {
        "attempt": attempt,
        "quiz_url": _quiz_url(attempt),
        "questions": questions_to_answer(attempt, responses),
        # For a reader who comes back from the page that counts them.
        "shows_unanswered": error is None and "unanswered" in request.GET,
        "error": error,
    }
    status = HTTPStatus.BAD_REQUEST if error else HTTPStatus.OK
    return render(request, "assessment/attempt.html", context, status=status)
