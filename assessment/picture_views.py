"""Pictures, sounds and videos of questions: for those who are asked, for staff who may see the question, and for authors."""

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.cache import get_conditional_response, patch_cache_control
from django.views.decorators.http import require_safe
from wagtail.documents import get_document_model
from wagtail.documents.models import AbstractDocument

from accounts.scoping.requests import MemberRequest
from assessment.models import QuestionPicture
from assessment.queries.attempts import attempts_of
from assessment.queries.documents import may_open
from assessment.queries.exams import are_keys_out
from assessment.queries.media import CAPTIONS, SHOWN, WORDS, medium_in
from assessment.queries.questions import stored_questions
from assessment.views import is_elsewhere
from courses.blocks import PICTURES
from media_pipeline.models import Video
from media_pipeline.queries.captions import words_of
from media_pipeline.services.playback import sign_playback
from media_pipeline.services.revocations import viewer_of

# Long enough to listen again without a further request, and not much longer than an exam.
LIFETIME: Final = dt.timedelta(hours=1)


@login_required
@require_safe
def picture(request: MemberRequest, public_id: UUID, slot: int) -> HttpResponse:
    """The picture of a question, for the person of the attempt, wherever its page shows the question. It never changes."""
    shown = _asked(request, public_id, slot).get("picture")
    if shown is None:
        raise Http404
    return _sent(request, shown["source"])


@login_required
@require_safe
def medium(request: MemberRequest, public_id: UUID, slot: int, part: str) -> HttpResponse:
    """What a question of an attempt shows or plays besides, as `picture` gives that of a hotspot. A recording is led to, at the moment
    at which it is played: its address is signed for this login and for a short time.
    """
    shown = _asked(request, public_id, slot).get("medium")
    if shown is None:
        raise Http404
    return _part(request, shown, part, back=reverse("assessment:attempt", args=[public_id]))


@login_required
@require_safe
def question_medium(request: MemberRequest, token: str, part: str) -> HttpResponse:
    """The same for staff whose page showed the question (`medium_for_staff`): for that login alone."""
    shown = medium_in(token, request.user)
    if shown is None:
        raise Http404
    return _part(request, shown, part)


def _asked(request: MemberRequest, public_id: UUID, slot: int) -> Mapping[str, Any]:
    """The content of a question, for the person of the attempt, while its page shows it."""
    attempt = get_object_or_404(attempts_of(request.user), public_id=public_id)
    if is_elsewhere(request, attempt) or not (attempt.is_open or are_keys_out(attempt)):
        raise Http404
    questions = dict(enumerate(stored_questions(attempt.versions)))
    return questions[slot].content if slot in questions else {}


def _part(request: MemberRequest, shown: Mapping[str, Any], part: str, *, back: str = "") -> HttpResponse:
    if part == SHOWN and "source" in shown:
        return _sent(request, shown["source"])
    if "video" not in shown:
        raise Http404
    same = Video.objects.select_related("published").filter(sha256=shown["sha256"], published__isnull=False)
    video = get_object_or_404(same, pk=shown["video"])
    if part == WORDS:
        spoken = {"words": words_of(video), "back": back}
        return render(request, "assessment/spoken_words.html", spoken)
    playback = sign_playback(video=video, viewer=viewer_of(request.user), lifetime=LIFETIME)
    addresses = {one.name: one.file_url for one in playback.renditions}
    addresses |= {f"{CAPTIONS}{one.url.rsplit('/', 1)[-1][:-4]}": one.url for one in playback.captions}
    if part not in addresses:
        raise Http404
    response = redirect(addresses[part])
    patch_cache_control(response, private=True, no_store=True)
    return response


def _sent(request: MemberRequest, source: str) -> HttpResponse:
    """A picture, without any name."""
    etag = f'"{source[:32]}"'
    response = get_conditional_response(request, etag=etag) or HttpResponse(
        bytes(get_object_or_404(QuestionPicture, source=source).data), content_type="image/webp"
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
