"""Work of this app on the home page of the workplace (`accounts.scoping.work`)."""

import datetime as dt
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy

from accounts.enums import Act, RoleName
from accounts.models import User
from accounts.scoping.work import Shortcut, Work, WorkItem
from accounts.services.formatting import format_since
from media_pipeline.enums import VideoState
from media_pipeline.models import CaptionTrack, Video
from media_pipeline.queries.captions import READABLE, without_captions

# A refused file stays refused: its uploader sees it for this long.
REFUSED_FOR = dt.timedelta(days=14)


class VideosFailed(Work):
    """Of an instructor the own uploads."""

    name = "failed-videos"
    title = gettext_lazy("Videos that failed or were refused")
    help = gettext_lazy("The page of the video says why, and what to do.")
    roles = frozenset({RoleName.INSTRUCTOR, RoleName.CENTER_MANAGER})
    act = Act.MANAGE_MEDIA
    order = 52

    def rows(self, user: User) -> QuerySet[Video]:
        refused = Q(state=VideoState.REFUSED, uploaded_at__gt=timezone.now() - REFUSED_FOR)
        failed = Video.objects.filter(Q(state=VideoState.FAILED) | refused)
        rows = self.reach_or_own(failed, user, own=Q(uploaded_by=user))
        return rows.select_related("center").order_by("uploaded_at", "pk")

    def line(self, row: Video) -> WorkItem:
        address = reverse("video:inspect", args=[row.pk])
        return WorkItem(
            row.title, address, f"{row.get_state_display()} · {row.center}", format_since(row.uploaded_at)
        )


class VideosWithoutCaptions(Work):
    name = "captions"
    title = gettext_lazy("Videos without captions")
    help = gettext_lazy("Who cannot hear, or watches without sound, cannot follow them.")
    roles = frozenset({RoleName.INSTRUCTOR})
    act = Act.MANAGE_MEDIA
    order = 72

    def rows(self, user: User) -> QuerySet[Video]:
        drafts = CaptionTrack.objects.filter(video=OuterRef("pk"), kind__in=READABLE).order_by("pk")
        videos = without_captions(Video.objects.annotate(draft=Subquery(drafts.values("pk")[:1])))
        rows = self.reach_or_own(videos, user, own=Q(uploaded_by=user))
        return rows.select_related("center").order_by("uploaded_at", "pk")

    def line(self, row: Any) -> WorkItem:
        address = f"{reverse('captions:add')}?video={row.pk}"
        if row.draft:
            address = reverse("captions:editor", args=[row.draft])
        return WorkItem(row.title, address, str(row.center), format_since(row.uploaded_at))


WORK = (VideosFailed, VideosWithoutCaptions)

SHORTCUTS = (
    Shortcut(
        gettext_lazy("Videos"), "video:index", "media", frozenset({RoleName.INSTRUCTOR}), Act.MANAGE_MEDIA
    ),
)
