"""Views for taking a quiz, which work without scripts. Users without an enrollment get a 404."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.digits import read_key
from accounts.errors import DomainError
from accounts.scoping.requests import MemberRequest
from accounts.services.formatting import numbering
from assessment.deadlines import milliseconds_left
from assessment.enums import BY_HAND, Purpose
from assessment.errors import AttemptOver, AttemptTakenOver, NoSuchQuiz, TooLate
from assessment.forms import answers_in, flagged_in
from assessment.models import Attempt
from assessment.protocol import problem, read_changes
from assessment.queries.appeals import appeal_term
from assessment.queries.asking import questions_to_answer
from assessment.queries.attempts import (
    attempts_left,
    attempts_of,
    attempts_to_save,
    quiz_of,
    score_of_passed,
    unit_to_go_on_with,
)
from assessment.queries.decisions import decisions_about
from assessment.queries.exams import are_keys_out, refusal_by_reading
from assessment.queries.feedback import feedback_of
from assessment.queries.late import told_of_late
from assessment.queries.questions import stored_questions
from assessment.queries.responses import answered, device_state, saved_responses
from assessment.queries.reviewing import corrections_of, handed_in, review
from assessment.services.attempts import start_attempt, submit_attempt
from assessment.services.saving import holder_of, save_answers, save_changes, take_over
from assessment.services.windows import note_keys_read
from courses.queries.enrollments import active_enrollment
from courses.queries.outline import unit_address


@login_required
@require_POST
def start(request: MemberRequest, unit_key: UUID) -> HttpResponse:
    enrollment = active_enrollment(request.user, unit_key)
    if enrollment is None:
        raise Http404
    try:
        attempt = start_attempt(
            enrollment_id=enrollment.pk,
            unit_key=unit_key,
            by=request.user,
            holder=_holder(request),
            code=request.POST.get("code", ""),
        )
    except NoSuchQuiz as error:
        raise Http404 from error
    except DomainError as error:
        messages.error(request, str(error))
        return redirect(unit_address(enrollment, unit_key))
    return redirect("assessment:attempt", attempt.public_id)


@never_cache
@login_required
@require_safe
def show_attempt(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """The questions of an open attempt; the result of a marked one, or that it waits for marks."""
    attempt = get_object_or_404(attempts_of(request.user), public_id=public_id)
    if attempt.is_open:
        if not attempt.accepts_at(timezone.now()):
            return render(request, "assessment/closing.html", {"attempt": attempt})
        if is_elsewhere(request, attempt):
            return render(request, "assessment/elsewhere.html", {"attempt": attempt})
        return _ask(request, attempt)
    if not attempt.is_marked:
        context = {
            "attempt": attempt,
            "quiz_url": _quiz_url(attempt),
            # What is asked in an exam is for those who are asked, until its whole cohort is through.
            "answers": handed_in(attempt) if are_keys_out(attempt) else [],
            "late": told_of_late(attempt, []),
            "decisions": decisions_about(attempt),
        }
        return render(request, "assessment/awaiting.html", context)
    if Attempt.objects.withheld().filter(pk=attempt.pk).exists():
        context = {
            "attempt": attempt,
            "quiz_url": _quiz_url(attempt),
            "is_held": Attempt.objects.held().filter(pk=attempt.pk).exists(),
            "decisions": decisions_about(attempt),
        }
        return render(request, "assessment/withheld.html", context)
    is_out = are_keys_out(attempt)
    if is_out and attempt.purpose == Purpose.EXAM:
        note_keys_read(attempt)
    # Who has read right answers, here or in a cohort before, begins it no more.
    is_over = refusal_by_reading(attempt.enrollment, attempt.quiz_key) is not None
    left = 0 if is_over else attempts_left(attempt, quiz_of(attempt.enrollment, attempt.quiz_key))
    corrections = corrections_of(attempt)
    context = {
        "attempt": attempt,
        "quiz_url": _quiz_url(attempt),
        "attempts_left": left,
        # A later attempt that failed takes no pass away.
        "score_of_passed": None if attempt.passed else score_of_passed(attempt),
        "corrections": corrections,
        "decisions": decisions_about(attempt),
        "late": told_of_late(attempt, corrections),
        # While another attempt is left, the result shows what was wrong and why, not the right options.
        "are_keys_out": is_out,
        "appeal_until": appeal_term(attempt) if is_out else None,
        "now": timezone.now(),
        "feedback": feedback_of(attempt) if is_out else {},
        "questions": review(attempt, shows_right_options=not left) if is_out else [],
        "go_on": unit_to_go_on_with(attempt) if attempt.passed else None,
    }
    return render(request, "assessment/result.html", context)


@require_safe
def attempt_worker(request: HttpRequest) -> HttpResponse:
    """The service worker that shows the page of an open attempt again without a connection. It is the same for every user."""
    response = render(request, "assessment/attempt_worker.js", content_type="text/javascript; charset=utf-8")
    response.headers["Cache-Control"] = "no-cache"
    return response


@login_required
@require_POST
def save(request: MemberRequest, public_id: UUID) -> JsonResponse:
    """Save changes as the page's script sends them: a receipt, or why not (`docs/reference/save-protocol.md`)."""
    attempt = get_object_or_404(attempts_to_save(request.user), public_id=public_id)
    try:
        epoch, changes = read_changes(request.body)
        receipt = save_changes(attempt=attempt, epoch=epoch, holder=_holder(request), changes=changes)
    except DomainError as refusal:
        return problem(refusal)
    return JsonResponse({"saved": receipt.seqs, "left_ms": receipt.left_ms})


@never_cache
@login_required
@require_safe
def state(request: MemberRequest, public_id: UUID) -> JsonResponse:
    """Whether this device may save, and for how long: for a page that has nothing to save."""
    attempt = get_object_or_404(attempts_to_save(request.user), public_id=public_id)
    return JsonResponse(
        {
            "is_open": attempt.is_open,
            "is_holder": attempt.holder == _holder(request),
            "left_ms": milliseconds_left(attempt.closes_at, timezone.now()),
        }
    )


@login_required
@require_POST
def go_on(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """Go on with an attempt on this device. A script is told what it has to know."""
    attempt = get_object_or_404(attempts_of(request.user), public_id=public_id)
    try:
        attempt = take_over(attempt_id=attempt.pk, holder=_holder(request), by=request.user)
    except AttemptOver as refusal:
        if _is_script(request):
            return problem(refusal)
        return redirect("assessment:attempt", attempt.public_id)
    if not _is_script(request):
        return redirect("assessment:attempt", attempt.public_id)
    saved = saved_responses([attempt])[attempt.pk]
    return JsonResponse(device_state(attempt, saved, timezone.now()))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def submit(request: MemberRequest, public_id: UUID) -> HttpResponse:
    """Save the answers and ask whether to hand them in; mark what was confirmed. Read again, as phones do with a tab, it leads to the attempt."""
    attempt = get_object_or_404(attempts_of(request.user), public_id=public_id)
    if request.method != "POST":
        return redirect("assessment:attempt", attempt.public_id)
    posted = answers_in(request.POST, attempt)
    elsewhere = is_elsewhere(request, attempt)
    if elsewhere and (attempt.sitting_id is not None or not posted.responses):
        return redirect("assessment:attempt", attempt.public_id)
    try:
        if posted.refusal:
            raise posted.refusal
        # A page of this epoch is of this device, whose login was renewed since.
        if posted.epoch == attempt.epoch or (posted.epoch is None and not elsewhere):
            attempt = take_over(attempt_id=attempt.pk, holder=_holder(request), by=request.user)
        else:
            raise AttemptTakenOver
        if "confirmed" in request.POST:
            submit_attempt(attempt_id=attempt.pk, responses=posted.responses, by=request.user)
            return redirect("assessment:attempt", attempt.public_id)
        save_answers(attempt_id=attempt.pk, responses=posted.responses, epoch=attempt.epoch)
    except (AttemptOver, TooLate):
        return redirect("assessment:attempt", attempt.public_id)
    except DomainError as error:
        return _ask(request, attempt, responses=posted.responses, error=error)
    return _after_saving(request, attempt)


def _after_saving(request: MemberRequest, attempt: Attempt) -> HttpResponse:
    """Where the button of the form leads."""
    if (slot := read_key(request.POST.get("files", ""))) is not None:
        return redirect("assessment:files", attempt.public_id, slot)
    if "later" in request.POST:
        messages.success(request, _("Your answers are saved. Go on when you like."))
        return redirect(_quiz_url(attempt))
    asked_ones = questions_to_answer(attempt, answered(saved_responses([attempt])[attempt.pk]))
    open_ones = [one for one in asked_ones if not one.is_answered]
    flagged = flagged_in(request.POST)
    answered_slots = set(range(len(attempt.versions))) - {one.slot for one in open_ones}
    asked = stored_questions(attempt.versions)
    context = {
        "attempt": attempt,
        "unanswered": open_ones,
        # They are kept on the device only: the page says them as it is sent.
        "flagged": [one for one in asked_ones if one.slot in flagged],
        "waits_for_marks": any(asked[slot].kind in BY_HAND for slot in answered_slots),
    }
    return render(request, "assessment/confirm.html", context)


def _holder(request: MemberRequest) -> str:
    return holder_of(request.session.session_key or "")


def is_elsewhere(request: MemberRequest, attempt: Attempt) -> bool:
    """Whether the attempt is open on another device: this one asks whether to go on here, and shows nothing of it before."""
    return attempt.is_open and attempt.holder not in ("", _holder(request))


def _is_script(request: HttpRequest) -> bool:
    return request.headers.get("Accept") == "application/json"


def _quiz_url(attempt: Attempt) -> str:
    return unit_address(attempt.enrollment, attempt.quiz_key)


def _ask(
    request: MemberRequest,
    attempt: Attempt,
    *,
    responses: Mapping[int, Any] | None = None,
    error: DomainError | None = None,
) -> HttpResponse:
    saved = saved_responses([attempt])[attempt.pk]
    questions = questions_to_answer(attempt, {**answered(saved), **(responses or {})})
    context = {
        "attempt": attempt,
        "quiz_url": _quiz_url(attempt),
        "questions": questions,
        "answered": sum(one.is_answered for one in questions),
        "device": {
            **device_state(attempt, saved, timezone.now()),
            "is_holder": attempt.holder == _holder(request),
            "is_elsewhere": is_elsewhere(request, attempt),
        },
        # For a reader who comes back from the page that counts them.
        "shows_unanswered": error is None and "unanswered" in request.GET,
        "error": error,
        "numbering": numbering(),
    }
    status = HTTPStatus.BAD_REQUEST if error else HTTPStatus.OK
    return render(request, "assessment/attempt.html", context, status=status)
