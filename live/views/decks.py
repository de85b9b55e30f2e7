"""Slides of a live class: the instructor's decks, and their pictures where nginx does not serve them."""

import time
import uuid

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.errors import DomainError
from accounts.scoping.requests import MemberRequest
from jobs.enums import JobState
from live.enums import LiveRole
from live.errors import SlidesTooLarge
from live.models import SlideDeck
from live.queries.admission import Reader
from live.queries.stage import decks_of, slide_facts, slides_base
from live.services.decks import UPLOAD_BYTES, upload_slides
from live.slides.folders import slides_folder
from live.views.access import staffed_session
from media_pipeline.services.playback import is_signed
from media_pipeline.services.revocations import is_revoked


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def slides(request: MemberRequest, public_id: str) -> HttpResponse:
    """The decks of a class, for its staff; a POST of `files` adds one. 422 {"code", "message"} where it is refused."""
    session = staffed_session(request, public_id)
    if request.method == "POST":
        if int(request.META.get("CONTENT_LENGTH") or 0) > 2 * UPLOAD_BYTES:
            return _refusal(SlidesTooLarge(limit=UPLOAD_BYTES // 1_000_000))
        try:
            upload_slides(session_id=session.pk, files=request.FILES.getlist("files"), by=request.user)
        except DomainError as error:
            return _refusal(error)
    base = slides_base(Reader(session, request.user, LiveRole.INSTRUCTOR))
    return JsonResponse({"base": base, "decks": [_deck(deck) for deck in decks_of(session.pk)]})


def _refusal(error: DomainError) -> JsonResponse:
    return JsonResponse({"code": error.code, "message": str(error)}, status=422)


def _state(deck: SlideDeck) -> str:
    """The state of a deck as the room's page distinguishes it."""
    if deck.is_open:
        return "waiting"
    return "ready" if deck.state == JobState.DONE else "refused"


def _deck(deck: SlideDeck) -> dict[str, object]:
    return {
        "deck": str(deck.public_id),
        "title": deck.title,
        "state": _state(deck),
        "why": deck.why_not,
        "slides": [slide_facts(slide) for slide in deck.slides.all()],
    }


@require_safe
def slide_picture(
    request: HttpRequest, expires: str, viewer: str, signature: str, path: str, name: str
) -> HttpResponse:
    """A slide's picture by its signed address, where nginx does not serve it. 404 for wrong signatures, 410 for expired and revoked ones."""
    if not is_signed(f"{expires}-{viewer}", signature, path):
        raise Http404
    if int(expires) < time.time() or is_revoked(viewer):
        return HttpResponse(status=410)
    try:
        data = (slides_folder(uuid.UUID(hex=path)) / name).read_bytes()
    except FileNotFoundError as error:
        raise Http404 from error
    kind = "image/webp" if name.endswith(".webp") else "image/png"
    # The name is unique to the content, which never changes.
    return HttpResponse(
        data, content_type=kind, headers={"Cache-Control": "private, max-age=31536000, immutable"}
    )
