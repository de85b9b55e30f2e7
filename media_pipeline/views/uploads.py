"""The page on which people upload videos, and the data for its script. The bytes go through `media_pipeline.consumers`."""

import uuid
from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from accounts.enums import Act
from accounts.errors import DomainError
from accounts.models import Center
from accounts.scoping import centers_where, may_somewhere
from accounts.scoping.requests import MemberRequest
from media_pipeline.enums import UploadState
from media_pipeline.errors import UploadGone, UploadUnknown
from media_pipeline.forms import PlainUploadForm
from media_pipeline.models import Upload
from media_pipeline.queries.uploader import uploader_context, uploads_as_json
from media_pipeline.queries.videos import refused_because
from media_pipeline.services.arrived_uploads import keep_duplicate
from media_pipeline.services.resumable_uploads import drop_upload, find_upload
from media_pipeline.services.uploads import receive_upload


def _centers(request: MemberRequest) -> QuerySet[Center]:
    """The centers to which the reader may upload. Raises Http404 where there are none."""
    if not may_somewhere(request.user, Act.MANAGE_MEDIA):
        raise Http404
    return centers_where(request.user, Act.MANAGE_MEDIA)


@login_required
@never_cache
def uploads_page(request: MemberRequest) -> HttpResponse:
    centers = _centers(request)
    form = PlainUploadForm(request.POST or None, request.FILES or None, centers=centers)
    if request.method == "POST" and form.is_valid():
        try:
            upload = receive_upload(**form.cleaned_data, by=request.user)
        except DomainError as refusal:
            form.add_error("file", str(refusal))
        else:
            if upload.video is not None:
                messages.success(request, _("The video was uploaded. It is being prepared."))
                return redirect("video:inspect", upload.video.pk)
            if upload.state == UploadState.DUPLICATE:
                messages.warning(
                    request, _("Your center already has this video. Choose whether to keep both.")
                )
                return redirect("uploads:page")
            form.add_error("file", refused_because(upload.refusal))
    return render(request, "media_pipeline/uploads.html", {"form": form, **uploader_context(request.user)})


@login_required
@never_cache
@require_GET
def uploads_state(request: MemberRequest) -> JsonResponse:
    """`{"uploads": [...]}`: the reader's unfinished uploads, from any browser."""
    _centers(request)
    return JsonResponse({"uploads": uploads_as_json(request.user)})


@login_required
@require_POST
def keep(request: MemberRequest, public_id: uuid.UUID) -> HttpResponse:
    upload = _own(request, public_id)
    return _decided(request, lambda: keep_duplicate(upload=upload, by=request.user))


@login_required
@require_POST
def drop(request: MemberRequest, public_id: uuid.UUID) -> HttpResponse:
    upload = _own(request, public_id)
    return _decided(request, lambda: drop_upload(upload=upload, by=request.user))


def _decided(request: MemberRequest, act: Callable[[], Upload]) -> HttpResponse:
    try:
        act()
    except DomainError as refusal:
        messages.error(request, str(refusal))
    return redirect("uploads:page")


def _own(request: MemberRequest, public_id: uuid.UUID) -> Upload:
    try:
        return find_upload(public_id=public_id, by=request.user)
    except (UploadUnknown, UploadGone) as missing:
        raise Http404 from missing
