"""Appealing against the mark of a question, by the trainee."""

from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.errors import DomainError
from accounts.scoping.requests import MemberRequest
from assessment.errors import AlreadyAppealed
from assessment.forms import AppealForm
from assessment.queries.appeals import appeal_term
from assessment.queries.attempts import attempts_of
from assessment.queries.reviewing import review
from assessment.services.appeals import file_appeal


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def appeal(request: MemberRequest, public_id: UUID, slot: int) -> HttpResponse:
    """Why the mark is wrong. 404 where it may not be appealed against: its person does not read yet how it was marked, or the term is over."""
    attempt = get_object_or_404(attempts_of(request.user), public_id=public_id)
    until = appeal_term(attempt)
    if until is None or timezone.now() > until or slot >= len(attempt.versions):
        raise Http404
    form = AppealForm(request.POST or None)
    if form.is_valid():
        try:
            file_appeal(attempt_id=attempt.pk, slot=slot, reason=form.cleaned_data["reason"], by=request.user)
        except AlreadyAppealed as refusal:
            messages.info(request, str(refusal))
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Your appeal is sent. Another person looks at it, and you are told."))
        if not form.errors:
            return redirect("assessment:attempt", attempt.public_id)
    [question] = [one for one in review(attempt, shows_right_options=False) if one.slot == slot]
    context = {"attempt": attempt, "question": question, "until": until, "form": form}
    status = HTTPStatus.BAD_REQUEST if form.errors else HTTPStatus.OK
    return render(request, "assessment/appeal.html", context, status=status)
