"""Drafts by machine in the staff workplace: requested on the page of a video, listed with their states."""

from typing import Any

from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn
from wagtail.admin.views import generic

from accounts.models import User
from accounts.scoping.viewsets import CenterViewSet
from media_pipeline.forms import TranscriptionForm
from media_pipeline.models import Transcription
from media_pipeline.services.transcriptions import start_transcription


class TranscriptionCreateView(generic.CreateView):
    def get_initial(self) -> dict[str, Any]:
        asked = self.request.GET.get("video", "")
        return {**super().get_initial(), **({"video": int(asked)} if asked.isdecimal() else {})}

    def get_success_url(self) -> str:
        return f"{reverse('video:inspect', args=[self.object.video_id])}#captions"

    def get_success_buttons(self) -> list[Any]:
        return []

    def get_success_message(self, instance: Transcription) -> str:
        return _(
            "A draft is being made by machine. It will appear here. Trainees do not see it before you publish it."
        )


class TranscriptionViewSet(CenterViewSet):
    model = Transcription
    icon = "openquote"
    inspect_view_enabled = False
    add_view_class = TranscriptionCreateView
    form_class = TranscriptionForm
    list_filter = ("state", "language")
    list_select_related = ("video",)

    @cached_property
    def list_display(self) -> list[Column]:
        return [
            TitleColumn(
                "video",
                label=_("Video"),
                get_url=lambda row: f"{reverse('video:inspect', args=[row.video_id])}#captions",
            ),
            Column("language", label=_("Language"), accessor="get_language_display"),
            Column("state", label=_("State"), accessor="get_state_display"),
            Column("error", label=_("Last error")),
            DateColumn("created_at", label=_("Asked for"), sort_key="created_at"),
        ]

    def create_row(self, form: TranscriptionForm, *, by: User) -> Transcription:
        return start_transcription(
            video=form.cleaned_data["video"], language=form.cleaned_data["language"], by=by
        )


transcription_viewset = TranscriptionViewSet("transcription")
