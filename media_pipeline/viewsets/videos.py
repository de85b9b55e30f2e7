"""The list of videos, the page of a video and its actions."""

from dataclasses import asdict
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn
from wagtail.admin.views import generic
from wagtail.admin.widgets import Button

from accounts.models import User
from accounts.scoping.viewsets import ActView, CenterViewSet
from media_pipeline.enums import LIVE_JOB_STATES, JobState
from media_pipeline.errors import JobNotCancelable, JobNotRetryable
from media_pipeline.forms import VideoEditForm, VideoUploadForm
from media_pipeline.models import Video
from media_pipeline.queries.captions import has_captions
from media_pipeline.queries.delivery import delivered
from media_pipeline.queries.jobs import job_progress, steps_of
from media_pipeline.queries.notes import plan_sentences
from media_pipeline.queries.uploader import uploader_context
from media_pipeline.queries.videos import last_job_of, refusal_sentence, with_progress
from media_pipeline.services.jobs.canceling import cancel_job
from media_pipeline.services.jobs.retrying import retry_job
from media_pipeline.services.jobs.starting import reprocess_video
from media_pipeline.services.playback import sign_playback
from media_pipeline.services.revocations import viewer_of
from media_pipeline.services.titles import rename_video
from media_pipeline.services.transcribers import machine_languages
from media_pipeline.services.uploads import upload_video
from media_pipeline.viewsets.watching import WatchingView, wanted_second


class StateColumn(Column):
    cell_template_name = "media_pipeline/admin/state_cell.html"

    class Media:
        css = {"all": ["css/video_admin.css"]}


class VideoIndexView(generic.IndexView):
    def get_base_queryset(self) -> QuerySet[Video]:
        return with_progress(super().get_base_queryset())


class VideoCreateView(generic.CreateView):
    """The uploader; below it, for browsers without JavaScript, the form that sends a file in one piece."""

    template_name = "media_pipeline/admin/upload.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs, **uploader_context(self.request.user))

    def get_success_url(self) -> str:
        return reverse("video:inspect", args=[self.object.pk])


class VideoEditView(generic.EditView):
    def get_success_url(self) -> str:
        return reverse("video:inspect", args=[self.object.pk])


STEPS_PER_PAGE = 20


class VideoInspectView(generic.InspectView):
    """State, progress, results, errors and actions of a video."""

    template_name = "media_pipeline/admin/video.html"
    page_title = gettext_lazy("Video")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        video, job = self.object, last_job_of(self.object)
        can_change = self.user_has_permission("change")
        is_live = job is not None and job.state in LIVE_JOB_STATES
        return super().get_context_data(
            **kwargs,
            video=video,
            job=job,
            is_live=is_live,
            progress=job_progress(job) if job else None,
            steps=Paginator(steps_of(job), STEPS_PER_PAGE).get_page(self.request.GET.get("steps"))
            if job
            else None,
            can_retry=can_change
            and job is not None
            and job.state in {JobState.QUARANTINED, JobState.CANCELED},
            can_reprocess=can_change and job is not None and job.state in {JobState.DONE, JobState.REFUSED},
            can_change=can_change,
            refusal=refusal_sentence(video),
            notes=plan_sentences(job.plan if job else None),
            delivered=delivered(video),
            captions=video.captions.select_related("draft", "published"),
            has_captions=has_captions(video),
            position=wanted_second(self.request, video),
            transcriptions=video.transcriptions.all()[:3],
            machine_languages=machine_languages(),
            playback=sign_playback(video=video, viewer=viewer_of(self.request.user))
            if video.published
            else None,
        )

    @cached_property
    def header_more_buttons(self) -> list[Button]:
        return [button for button in super().header_more_buttons if button.url]


class RetryView(ActView):
    model = Video

    def act_on(self, pk: int) -> str:
        job = last_job_of(get_object_or_404(Video, pk=pk))
        if job is None:
            raise JobNotRetryable
        retry_job(job=job, by=self.request.user)
        return _("The video is being prepared again.")


class CancelView(ActView):
    model = Video

    def act_on(self, pk: int) -> str:
        job = last_job_of(get_object_or_404(Video, pk=pk))
        if job is None:
            raise JobNotCancelable
        cancel_job(job=job, by=self.request.user)
        return _("The preparation was stopped.")


class ReprocessView(ActView):
    model = Video

    def act_on(self, pk: int) -> str:
        reprocess_video(video=get_object_or_404(Video, pk=pk), by=self.request.user)
        return _("The video is being prepared again. Trainees keep the version they have until then.")


class ProgressView(View):
    """The progress of the last job as data: polled by the page of a video."""

    model = Video

    def get(self, request: HttpRequest, pk: int) -> JsonResponse:
        job = last_job_of(get_object_or_404(Video, pk=pk))
        return JsonResponse(asdict(job_progress(job)) if job else {"is_live": False})


class VideoViewSet(CenterViewSet):
    model = Video
    icon = "media"
    menu_label = gettext_lazy("Videos")
    menu_order = 320
    add_to_admin_menu = True
    index_view_class = VideoIndexView
    add_view_class = VideoCreateView
    create_template_name = VideoCreateView.template_name
    edit_view_class = VideoEditView
    inspect_view_class = VideoInspectView
    inspect_template_name = VideoInspectView.template_name
    form_class = VideoUploadForm
    edit_form_class = VideoEditForm
    list_filter = ("center", "state")
    list_select_related = ("center", "published")
    search_fields = ("title", "original_name")
    search_backend_name = None

    @cached_property
    def list_display(self) -> list[Column]:
        return [
            TitleColumn(
                "title",
                label=_("Title"),
                sort_key="title",
                get_url=lambda video: reverse("video:inspect", args=[video.pk]),
            ),
            Column("center", label=_("Center")),
            StateColumn("state", label=_("State"), sort_key="state"),
            DateColumn("uploaded_at", label=_("Uploaded"), sort_key="uploaded_at"),
        ]

    def create_row(self, form: VideoUploadForm, *, by: User) -> Video:
        typed = form.cleaned_data
        return upload_video(center=typed["center"], title=typed["title"], file=typed["file"], by=by)

    def change_row(self, form: VideoEditForm, *, by: User) -> Video:
        typed = form.cleaned_data
        return rename_video(video=form.instance, title=typed["title"], by=by)

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            *super().get_urlpatterns(),
            path("retry/<int:pk>/", self.construct_view(RetryView, verb="change"), name="retry"),
            path("cancel/<int:pk>/", self.construct_view(CancelView, verb="change"), name="cancel"),
            path("reprocess/<int:pk>/", self.construct_view(ReprocessView, verb="change"), name="reprocess"),
            path("progress/<int:pk>/", self.construct_view(ProgressView, verb="view"), name="progress"),
            path(
                "watching/<int:pk>/",
                self.construct_view(WatchingView, verb="view", index_url_name=self.get_url_name("index")),
                name="watching",
            ),
        ]


video_viewset = VideoViewSet("video")
