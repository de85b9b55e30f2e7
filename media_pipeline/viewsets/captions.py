"""The lists of captions in the staff workplace, and the pages that add and remove them."""

from typing import Any

from django.db.models import QuerySet
from django.urls import URLPattern, path, reverse, reverse_lazy
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import BooleanColumn, Column, DateColumn, TitleColumn
from wagtail.admin.views import generic
from wagtail.admin.views.reports import ReportView
from wagtail.admin.widgets import Button

from accounts.enums import Act
from accounts.models import User
from accounts.scoping import acts_held, fenced
from accounts.scoping.exports import SafeExport
from accounts.scoping.requests import MemberRequest
from accounts.scoping.viewsets import CenterViewSet
from media_pipeline.forms import CaptionsAddForm
from media_pipeline.models import CaptionTrack, Video
from media_pipeline.queries.captions import without_captions
from media_pipeline.services.captions import remove_captions, start_captions
from media_pipeline.viewsets.caption_editor import (
    AutosaveView,
    DownloadView,
    EditorView,
    RestoreView,
    RevisionsView,
)


class CaptionsIndexView(generic.IndexView):
    def get_list_buttons(self, instance: CaptionTrack) -> list[Button]:
        # The title links to the editor, which links to the page that removes them.
        return []

    def get_list_more_buttons(self, instance: CaptionTrack) -> list[Button]:
        return []


class CaptionsCreateView(generic.CreateView):
    """Adds captions; `?video=` is the video of the page it was opened from."""

    def get_initial(self) -> dict[str, Any]:
        asked = self.request.GET.get("video", "")
        return {**super().get_initial(), **({"video": int(asked)} if asked.isdecimal() else {})}

    def get_success_url(self) -> str:
        return reverse("captions:editor", args=[self.object.pk])

    def get_success_buttons(self) -> list[Any]:
        return []


class CaptionsDeleteView(generic.DeleteView):
    def get_success_url(self) -> str:
        return reverse("video:inspect", args=[self.object.video_id])


class WithoutCaptionsView(SafeExport, ReportView):
    """Ready videos without captions."""

    request: MemberRequest
    page_title = gettext_lazy("Videos without captions")
    header_icon = "openquote"
    default_ordering = "-uploaded_at"
    is_searchable = False
    list_export = ("title", "center", "uploaded_at")
    export_headings = {"center": gettext_lazy("Center")}
    export_filename = "videos-without-captions"

    def get_base_queryset(self) -> QuerySet[Video]:
        own = fenced(Video.objects.all(), user=self.request.user, act=Act.MANAGE_MEDIA)
        return without_captions(own).select_related("center")

    @cached_property
    def columns(self) -> list[Column]:
        return [
            TitleColumn(
                "title",
                label=_("Title"),
                sort_key="title",
                get_url=lambda video: reverse("video:inspect", args=[video.pk]),
            ),
            Column("center", label=_("Center")),
            BooleanColumn("has_draft", label=_("Begun")),
            DateColumn("uploaded_at", label=_("Uploaded"), sort_key="uploaded_at"),
        ]


class WithoutCaptionsResultsView(WithoutCaptionsView):
    results_only = True


class CaptionsViewSet(CenterViewSet):
    model = CaptionTrack
    icon = "openquote"
    menu_label = gettext_lazy("Captions")
    inspect_view_enabled = False
    index_view_class = CaptionsIndexView
    add_view_class = CaptionsCreateView
    delete_view_class = CaptionsDeleteView
    form_class = CaptionsAddForm
    list_filter = ("language", "kind")
    list_select_related = ("video__center", "draft", "published")
    search_fields = ("video__title",)
    search_backend_name = None
    ordering = ("-changed_at",)

    @cached_property
    def list_display(self) -> list[Column]:
        return [
            TitleColumn(
                "video",
                label=_("Video"),
                get_url=lambda track: reverse("captions:editor", args=[track.pk]),
            ),
            Column("language", label=_("Language"), accessor="get_language_display"),
            Column("kind", label=_("Kind"), accessor="get_kind_display"),
            Column("state", label=_("State"), accessor=shown_state),
            DateColumn("changed_at", label=_("Changed"), sort_key="changed_at"),
        ]

    def create_row(self, form: CaptionsAddForm, *, by: User) -> CaptionTrack:
        typed = form.cleaned_data
        return start_captions(
            video=typed["video"],
            language=typed["language"],
            kind=typed["kind"],
            data=typed["file"].read() if typed["file"] else None,
            by=by,
        )

    def delete_row(self, row: Any, *, by: User) -> None:
        remove_captions(track=row, by=by)

    def get_urlpatterns(self) -> list[URLPattern]:
        def page(view_class: type[View], verb: str) -> Any:
            return self.construct_view(type(view_class.__name__, (view_class,), {"verb": verb}))

        missing = {
            "model": Video,
            "index_url_name": "captions:missing",
            "index_results_url_name": "captions:missing_results",
        }
        # The audit log of captions is on their video; their own history shows revisions.
        shown = [
            pattern
            for pattern in super().get_urlpatterns()
            if pattern.name not in {"history", "history_results"}
        ]
        return [
            *shown,
            path("editor/<int:pk>/", page(EditorView, "write"), name="editor"),
            path("autosave/<int:pk>/", page(AutosaveView, "write"), name="autosave"),
            path("revisions/<int:pk>/", page(RevisionsView, "write"), name="revisions"),
            path("restore/<int:pk>/", page(RestoreView, "write"), name="restore"),
            path("download/<int:pk>/", page(DownloadView, "view"), name="download"),
            path("missing/", self.construct_view(WithoutCaptionsView, **missing), name="missing"),
            path(
                "missing/results/",
                self.construct_view(WithoutCaptionsResultsView, **missing),
                name="missing_results",
            ),
        ]


def shown_state(track: CaptionTrack) -> str:
    """The state of a track as a phrase."""
    if track.published is None:
        return _("draft")
    return _("published, with unpublished changes") if track.has_changes else _("published")


class WithoutCaptionsItem(MenuItem):
    def is_shown(self, request: MemberRequest) -> bool:
        return Act.MANAGE_MEDIA in acts_held(request.user)


without_captions_item = WithoutCaptionsItem(
    WithoutCaptionsView.page_title,
    reverse_lazy("captions:missing"),
    name="videos-without-captions",
    icon_name="openquote",
    order=900,
)
captions_viewset = CaptionsViewSet("captions")
