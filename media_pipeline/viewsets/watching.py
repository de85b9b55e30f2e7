"""Viewing statistics of one video, for those who manage it."""

from itertools import pairwise
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import get_language_bidi, gettext_lazy
from django.utils.translation import gettext as _
from django.views import View
from wagtail import hooks
from wagtail.admin.views.generic import WagtailAdminTemplateMixin
from wagtail.admin.widgets import HeaderButton

from accounts.scoping.requests import MemberRequest
from media_pipeline.charts import step_curve
from media_pipeline.models import Video
from media_pipeline.queries.watching import Watching, quality_label, watching_of
from media_pipeline.telemetry import START_SLOTS_MS

QUARTERS = (0.25, 0.5, 0.75)


class WatchingView(WagtailAdminTemplateMixin, View):
    """Where viewers stop, what they watch again, in which quality, and how often playback stalls."""

    request: MemberRequest
    model = Video
    template_name = "media_pipeline/admin/watching.html"
    page_title = gettext_lazy("How it is watched")
    header_icon = "view"
    # Set by the viewset.
    index_url_name = ""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        video = get_object_or_404(Video.objects.select_related("published", "center"), pk=pk)
        self.video = video
        watching = watching_of(video)
        context = {"video": video, "watching": watching, **_drawn(watching)}
        return render(request, self.template_name, self.get_context_data(**context))

    def get_page_subtitle(self) -> str:
        return self.video.title

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        """Buttons of other apps, registered by the hook of this name."""
        return [make(self.request) for make in hooks.get_hooks("register_video_watching_button")]

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *super().get_breadcrumbs_items(),
            {"url": reverse(self.index_url_name), "label": _("Videos")},
            {"url": reverse("video:inspect", args=[self.video.pk]), "label": self.video.title},
            {"url": "", "label": self.page_title},
        ]


def _drawn(watching: Watching) -> dict[str, Any]:
    if not watching.is_shown:
        return {}
    again = watching.most_rewatched
    return {
        "curve": step_curve(
            [(part.start, part.end, part.percent) for part in watching.parts],
            is_mirrored=get_language_bidi(),
            band=(again.start, again.end) if again else None,
        ),
        "quarters": [watching.parts[int(len(watching.parts) * share)].percent for share in QUARTERS],
        "qualities": [(quality_label(share.name), round(share.percent)) for share in watching.qualities],
        "starts": list(zip(_start_labels(), watching.starts, strict=True)),
    }


def _start_labels() -> list[str]:
    """0–1, 1–2, … 30+; isolated, so that Arabic text does not reorder them."""
    ends = [0, *(end // 1000 for end in START_SLOTS_MS)]
    labels = [*(f"{low}–{high}" for low, high in pairwise(ends)), f"{ends[-1]}+"]
    return [f"\N{LEFT-TO-RIGHT ISOLATE}{label}\N{POP DIRECTIONAL ISOLATE}" for label in labels]


def wanted_second(request: HttpRequest, video: Video) -> int:
    """The second of the video in the address (`?at=75`); 0 where it is not valid."""
    asked = request.GET.get("at", "")
    if not (asked.isascii() and asked.isdecimal() and len(asked) < 7 and video.published):
        return 0
    return int(asked) if int(asked) < video.published.seconds else 0
