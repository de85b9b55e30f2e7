"""Pictures of questions: for those who are asked, and for authors."""

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.cache import get_conditional_response, patch_cache_control
from django.views.decorators.http import require_safe
from wagtail.documents import get_document_model
from wagtail.documents.models import AbstractDocument
from wagtail.permission_policies.base import BasePermissionPolicy
from wagtail.permissions import policy_registry

from accounts.models import User
from accounts.scoping.requests import MemberRequest
from assessment.models import QuestionPicture
from assessment.queries.attempts import attempts_of
from assessment.queries.exams import are_keys_out
from assessment.queries.questions import stored_questions
from assessment.views import is_elsewhere
from courses.blocks import PICTURES


@login_required
@require_safe
def picture(request: MemberRequest, public_id: UUID, slot: int) -> HttpResponse:
    """The picture of a question, for the person of the attempt, wherever its page shows the question. It never changes."""
    attempt = get_object_or_404(attempts_of(request.user), public_id=public_id)
    if is_elsewhere(request, attempt) or not (attempt.is_open or are_keys_out(attempt)):
        raise Http404
    questions = dict(enumerate(stored_questions(attempt.versions)))
    shown = questions[slot].content.get("picture") if slot in questions else None
    if shown is None:
        raise Http404
    etag = f'"{shown["source"][:32]}"'
    response = get_conditional_response(request, etag=etag) or HttpResponse(
        bytes(QuestionPicture.objects.get(source=shown["source"]).data), content_type="image/webp"
    )
    response.headers["ETag"] = etag
    # Asked for again at most once a day; never kept for other people.
    patch_cache_control(response, private=True, max_age=24 * 60 * 60)
    return response


@require_safe
def author_picture(request: HttpRequest, document_id: int) -> HttpResponse:
    """Leads to the file that a picture is made of, for staff who may choose it."""
    document = get_object_or_404(get_document_model(), pk=document_id)
    if not may_open(request.user, document):
        raise Http404
    return redirect(document.url)


def keep_private(document: AbstractDocument, request: HttpRequest) -> None:
    """Raise Http404 for a picture that the reader may not choose: addresses of documents can be guessed."""
    is_picture = document.file_extension.casefold() in PICTURES
    if is_picture and not may_open(request.user, document):
        raise Http404


def may_open(user: User | AnonymousUser, document: AbstractDocument) -> bool:
    policy: BasePermissionPolicy[Any] = policy_registry.get_by_type(type(document))
    verbs = ["choose", "add", "change", "delete"]
    return bool(policy.user_has_any_permission_for_instance(user, verbs, document))
