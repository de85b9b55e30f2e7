"""The editor of one text track, its history and its file."""

import json
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from accounts.errors import DomainError
from accounts.scoping.requests import MemberRequest
from accounts.services.formatting import format_datetime
from media_pipeline.errors import CaptionsChanged
from media_pipeline.forms import CaptionTextForm
from media_pipeline.models import CaptionTrack
from media_pipeline.services.captions import publish_captions, restore_revision, save_draft, upload_draft
from media_pipeline.services.captions.problems import sentences
from media_pipeline.services.playback import PlaybackRendition, sign_playback
from media_pipeline.services.revocations import viewer_of

PER_PAGE = 20
# Tall enough to see a mouth, small enough to scrub on a slow connection.
EDITOR_HEIGHT = 240
# Messages of the editor's script.
EDITOR_MESSAGES = {
    "overlap": gettext_lazy("begins before the line above ends"),
    "backwards": gettext_lazy("ends before it begins"),
    "empty": gettext_lazy("no words"),
    "short": gettext_lazy("too short to read"),
    "fast": gettext_lazy("too fast: {speed} letters a second"),
    "nothing": gettext_lazy("Not found."),
    "replaced": gettext_lazy("Replaced: {count}"),
    "waiting": gettext_lazy("Not saved yet"),
    "saving": gettext_lazy("Saving…"),
    "saved": gettext_lazy("Draft saved at {time}"),
    "offline": gettext_lazy(
        "Not saved: you are offline. Your words stay here and are saved when you are back online."
    ),
    "broken": gettext_lazy("Not saved: log in again in another tab. Your words stay here."),
    "problem": gettext_lazy("Line {line}: {text}"),
    "unreadable": gettext_lazy("Some lines of the text are not WebVTT. Correct them in the text first."),
}


class TrackView(WagtailAdminTemplateMixin, View):
    """A page of one text track."""

    request: MemberRequest
    model = CaptionTrack
    header_icon = "openquote"

    def track(self, pk: int) -> CaptionTrack:
        tracks = CaptionTrack.objects.select_related("video__published", "draft__by", "published")
        return get_object_or_404(tracks, pk=pk)

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        video = self.shown.video
        return [
            *self.breadcrumbs_items,
            {"url": reverse("video:index"), "label": capfirst(video._meta.verbose_name_plural)},
            {"url": reverse("video:inspect", args=[video.pk]), "label": video.title},
            *self.own_breadcrumbs(),
        ]

    def own_breadcrumbs(self) -> list[dict[str, str]]:
        return [{"url": "", "label": str(self.shown)}]

    def show(self, track: CaptionTrack, status: int = 200, **context: Any) -> HttpResponse:
        self.shown = track
        everything = {"view": self, **self.get_context_data(track=track, video=track.video, **context)}
        return render(self.request, self.template_name, everything, status=status)


class EditorView(TrackView):
    """Cues next to the video. Without JavaScript it is a form with the file as text, to save, replace and publish."""

    template_name = "media_pipeline/admin/captions.html"
    page_title = gettext_lazy("Captions")

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        track = self.track(pk)
        form = CaptionTextForm(initial={"text": track.text, "edits": track.edits})
        return self._edit(track, form)

    def post(self, request: MemberRequest, pk: int) -> HttpResponse:
        track = self.track(pk)
        form = CaptionTextForm(request.POST, request.FILES)
        if not form.is_valid():
            return self._edit(track, form)
        try:
            notice = self._save(track, form)
        except CaptionsChanged as conflict:
            form.add_error(None, str(conflict))
            return self._edit(track, form, status=409)
        except DomainError as refusal:
            form.add_error(None, str(refusal))
            return self._edit(self.track(pk), form)
        messages.success(request, notice)
        return redirect(request.path)

    def _save(self, track: CaptionTrack, form: CaptionTextForm) -> str:
        typed, user = form.cleaned_data, self.request.user
        if typed["file"]:
            upload_draft(track=track, data=typed["file"].read(), edits=typed["edits"], by=user)
            return _("The draft was replaced by the file. Trainees do not see it before you publish it.")
        track = save_draft(track=track, text=typed["text"], edits=typed["edits"], by=user)
        if "publish" not in self.request.POST:
            return _("The draft is saved. Trainees do not see it before you publish it.")
        # The draft stays saved when publishing is refused.
        form.data = {**form.data, "text": typed["text"], "edits": track.edits}
        publish_captions(track=track, edits=track.edits, by=user)
        return _("Published: trainees see these words now.")

    def _edit(self, track: CaptionTrack, form: CaptionTextForm, status: int = 200) -> HttpResponse:
        video = track.video
        playback = (
            sign_playback(video=video, viewer=viewer_of(self.request.user)) if video.published else None
        )
        return self.show(
            track,
            status,
            form=form,
            say={code: str(text) for code, text in EDITOR_MESSAGES.items()},
            problems=sentences(track.text),
            playback=playback,
            rendition=_scrubbed(playback.renditions) if playback else None,
        )


def _scrubbed(renditions: list[PlaybackRendition]) -> PlaybackRendition | None:
    """The largest rendition for scrubbing, or the sound."""
    light = [row for row in renditions if row.height <= EDITOR_HEIGHT]
    return max(light or renditions, key=lambda row: row.height, default=None)


class AutosaveView(TrackView):
    """Takes `{"text", "edits"}` from the editor; answers `{"edits", "saved", "problems"}`, or 409 and what happened."""

    http_method_names = ("post",)

    def post(self, request: MemberRequest, pk: int) -> HttpResponse:
        track = self.track(pk)
        try:
            typed = json.loads(request.body)
        except ValueError:
            typed = None
        form = CaptionTextForm(typed if isinstance(typed, dict) else {})
        if not form.is_valid():
            return JsonResponse({"message": _("The editor sent something that cannot be read.")}, status=400)
        text, edits = form.cleaned_data["text"], form.cleaned_data["edits"]
        try:
            track = save_draft(track=track, text=text, edits=edits, by=request.user)
        except CaptionsChanged as conflict:
            latest = self.track(pk)
            told = {"code": conflict.code, "message": str(conflict), "edits": latest.edits}
            return JsonResponse(told, status=409)
        except DomainError as refusal:
            return JsonResponse({"code": refusal.code, "message": str(refusal)}, status=422)
        problems = [{"line": line, "text": sentence} for line, sentence in sentences(text)]
        saved = format_datetime(track.changed_at, "TIME_FORMAT")
        return JsonResponse({"edits": track.edits, "saved": saved, "problems": problems})


class RevisionsView(TrackView):
    """The revisions, newest first."""

    template_name = "media_pipeline/admin/captions_revisions.html"
    page_title = gettext_lazy("History of the captions")

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        track = self.track(pk)
        rows = track.revisions.select_related("by").defer("text")
        page = Paginator(rows, PER_PAGE).get_page(request.GET.get("p"))
        return self.show(track, page=page)

    def own_breadcrumbs(self) -> list[dict[str, str]]:
        editor = {"url": reverse("captions:editor", args=[self.shown.pk]), "label": str(self.shown)}
        return [editor, {"url": "", "label": str(self.page_title)}]


class RestoreView(TrackView):
    """Makes an earlier revision the draft."""

    http_method_names = ("post",)

    def post(self, request: MemberRequest, pk: int) -> HttpResponse:
        track = self.track(pk)
        number = request.POST.get("number", "")
        revision = get_object_or_404(track.revisions, number=int(number) if number.isdecimal() else 0)
        restore_revision(track=track, number=revision.number, by=request.user)
        messages.success(
            request, _("These words are the draft again. Trainees do not see it before you publish it.")
        )
        return redirect("captions:editor", pk)


class DownloadView(TrackView):
    """The draft, or the revision `?revision=` names, as a WebVTT file."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        track = self.track(pk)
        asked = request.GET.get("revision", "")
        numbered = {"number": int(asked)} if asked.isdecimal() else {"pk": track.draft_id}
        revision = get_object_or_404(track.revisions, **numbered)
        name = f"{track.kind}-{track.language}-{revision.number}.vtt"
        headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
        return HttpResponse(revision.text, content_type="text/vtt; charset=utf-8", headers=headers)
