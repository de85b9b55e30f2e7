"""Reports on teaching, with the spreadsheets behind them."""

import datetime as dt
from collections.abc import Iterable, Iterator
from itertools import batched
from typing import Any

import django_filters
from django import forms
from django.db.models import F, QuerySet
from django.http import Http404, HttpRequest
from django.urls import reverse, reverse_lazy
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views.reports import ReportView
from wagtail.models import Locale, Page

from accounts.enums import Act
from accounts.models import Center
from accounts.scoping import acts_held, centers_where, fenced
from accounts.scoping.exports import ROWS_AT_ONCE, SafeExport
from accounts.scoping.requests import MemberRequest
from accounts.services.formatting import format_list
from courses.forms.cohorts import DateInput
from courses.models import Cohort, CoursePage, ProgramPage
from courses.queries.videos import places_of, videos_taught_to, videos_taught_under
from media_pipeline.enums import VideoState
from media_pipeline.models import Video
from media_pipeline.queries.watching import MOST_HIDDEN_VIEWERS, qualities_of, quality_label, with_watching

MEGABYTE = 1_000_000


def _centers(request: MemberRequest) -> QuerySet[Center]:
    return centers_where(request.user, Act.MANAGE_MEDIA)


def _cohorts(request: MemberRequest) -> QuerySet[Cohort]:
    own = fenced(Cohort.objects.all(), user=request.user, act=Act.MANAGE_MEDIA)
    return own.select_related("content_version")


def _catalog() -> list[tuple[int, str]]:
    """Every published program and, set in below it, its courses."""
    pages = Page.objects.live().type(ProgramPage, CoursePage).filter(locale=Locale.get_default())
    rows = list(pages.order_by("path").values_list("pk", "depth", "title"))
    top = min((depth for _pk, depth, _title in rows), default=0)
    return [(pk, title if depth == top else f"– {title}") for pk, depth, title in rows]


class VideosWatchedFilterSet(WagtailFilterSet):
    taught = django_filters.ChoiceFilter(
        label=gettext_lazy("Program or course"), choices=_catalog, method="under", widget=forms.Select
    )
    cohort = django_filters.ModelChoiceFilter(
        label=gettext_lazy("Cohort"), queryset=_cohorts, method="taught_to"
    )
    since = django_filters.DateFilter(
        label=gettext_lazy("Delivered from"), method="delivered", widget=DateInput
    )
    until = django_filters.DateFilter(
        label=gettext_lazy("Delivered until"), method="delivered", widget=DateInput
    )
    center = django_filters.ModelChoiceFilter(label=gettext_lazy("Center"), queryset=_centers)
    state = django_filters.ChoiceFilter(
        label=gettext_lazy("State"), choices=VideoState.choices, widget=forms.RadioSelect
    )

    class Meta:
        model = Video
        fields: tuple[str, ...] = ()

    def under(self, rows: QuerySet[Video], _name: str, page: str) -> QuerySet[Video]:
        return videos_taught_under(rows, Page.objects.get(pk=page))

    def taught_to(self, rows: QuerySet[Video], _name: str, cohort: Cohort) -> QuerySet[Video]:
        return videos_taught_to(rows, cohort)

    def delivered(self, rows: Any, _name: str, _day: dt.date) -> QuerySet[Video]:
        """With a range of days, leave out videos that were not delivered in it."""
        return rows.filter(delivered_bytes__gt=0)

    def days(self) -> dict[str, dt.date | None]:
        """The days whose delivered bytes count: those typed, else those of the cohort."""
        typed = self.form.cleaned_data if self.is_valid() else {}
        since, until, cohort = (typed.get(name) for name in ("since", "until", "cohort"))
        if cohort and not (since or until):
            since, until = cohort.starts_on, cohort.ends_on
        return {"since": since, "until": until}


class NumberColumn(Column):
    """A number in the digits of the reader, or a dash."""

    cell_template_name = "courses/admin/number_cell.html"


class PlacesColumn(Column):
    cell_template_name = "courses/admin/places_cell.html"


class QualitiesColumn(Column):
    cell_template_name = "courses/admin/qualities_cell.html"


class VideosWatchedView(SafeExport, ReportView):
    """Which videos are watched, how much of them, on which connections. Below five viewers, only figures that disclose nothing of one viewer."""

    request: MemberRequest
    model = Video
    page_title = gettext_lazy("How videos are watched")
    header_icon = "view"
    template_name = "courses/admin/videos_watched.html"
    index_url_name = "videos_watched"
    index_results_url_name = "videos_watched_results"
    default_ordering = "-views"
    is_searchable = True
    search_backend_name = None
    search_fields = ("title", "original_name")
    filterset_class = VideosWatchedFilterSet
    export_filename = "videos-watched"
    export_headings = {
        "title": gettext_lazy("Video"),
        "center": gettext_lazy("Center"),
        "get_state_display": gettext_lazy("State"),
        "taught_in": gettext_lazy("Program and course"),
        "viewers_shown": gettext_lazy("Viewers, at least"),
        "views": gettext_lazy("Views"),
        "watched_percent": gettext_lazy("Watched on average, %"),
        "stalls_per_hour": gettext_lazy("Stalls in an hour of playing"),
        "qualities_shown": gettext_lazy("Playing time by quality"),
        "delivered_megabytes": gettext_lazy("Delivered, MB"),
    }
    list_export = tuple(export_headings)

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        if Act.MANAGE_MEDIA not in acts_held(request.user):
            raise Http404
        super().setup(request, *args, **kwargs)

    def get_base_queryset(self) -> QuerySet[Video]:
        own = fenced(Video.objects.all(), user=self.request.user, act=Act.MANAGE_MEDIA)
        return with_watching(own, **self.filters.days())

    def order_queryset(self, queryset: QuerySet[Video]) -> QuerySet[Video]:
        name = self.ordering.removeprefix("-")
        order = F(name).desc(nulls_last=True) if name != self.ordering else F(name).asc(nulls_last=True)
        return queryset.order_by(order, "-pk")

    def get_filtered_queryset(self) -> QuerySet[Video]:
        # Wagtail's reports filter twice here.
        return self.get_queryset()

    def decorate_paginated_queryset(self, object_list: QuerySet[Video]) -> Iterable[Video]:
        return object_list if self.is_export else _shown_rows(list(object_list))

    def rows_for_export(self, rows: Any) -> Iterator[Video]:
        for some in batched(rows.iterator(chunk_size=ROWS_AT_ONCE), ROWS_AT_ONCE, strict=False):
            yield from _shown_rows(some)

    @cached_property
    def has_many_centers(self) -> bool:
        return len(_centers(self.request)[:2]) > 1

    @cached_property
    def columns(self) -> list[Column]:
        return [
            TitleColumn(
                "title",
                label=_("Video"),
                sort_key="title",
                get_url=lambda video: reverse("video:watching", args=[video.pk]),
            ),
            PlacesColumn("places", label=_("Program and course")),
            *([Column("center", label=_("Center"))] if self.has_many_centers else []),
            NumberColumn("viewers_shown", label=_("Viewers, at least")),
            NumberColumn("views", label=_("Views"), sort_key="views"),
            NumberColumn("watched_percent", label=_("Watched on average, %"), sort_key="watched_percent"),
            NumberColumn(
                "stalls_per_hour", label=_("Stalls in an hour of playing"), sort_key="stalls_per_hour"
            ),
            QualitiesColumn("qualities", label=_("Playing time by quality")),
            NumberColumn("delivered_megabytes", label=_("Delivered, MB"), sort_key="delivered_bytes"),
        ]


class VideosWatchedResultsView(VideosWatchedView):
    results_only = True


def _shown_rows(videos: Iterable[Video]) -> list[Any]:
    """The same videos with what the columns read, rounded to what the numbers are worth."""
    rows: list[Any] = list(videos)
    places = places_of(rows)
    for row in rows:
        row.places = places.get(row.pk, [])
        row.taught_in = format_list(f"{place.program} – {place.course}" for place in row.places)
        row.viewers_shown = _viewers(row)
        row.watched_percent = _rounded(row.watched_percent)
        row.stalls_per_hour = _rounded(row.stalls_per_hour)
        row.qualities = [(quality_label(share.name), share.percent) for share in qualities_of(row)]
        row.qualities_shown = " · ".join(f"{label}: {round(percent)}%" for label, percent in row.qualities)
        row.delivered_megabytes = _rounded(row.delivered_bytes / MEGABYTE)
    return rows


def _viewers(video: Any) -> int | str:
    """The number of different viewers; a small one is given as "fewer than 5", so that no viewer can be identified."""
    return video.viewers if video.viewers == 0 or video.viewers > MOST_HIDDEN_VIEWERS else _("fewer than 5")


def _rounded(rate: float | None) -> float | None:
    """To one decimal; whole where that says as much."""
    rounded = None if rate is None else round(rate, 1)
    return int(rounded) if rounded is not None and rounded.is_integer() else rounded


class VideosWatchedItem(MenuItem):
    def is_shown(self, request: MemberRequest) -> bool:
        return Act.MANAGE_MEDIA in acts_held(request.user)


videos_watched_item = VideosWatchedItem(
    VideosWatchedView.page_title,
    reverse_lazy("videos_watched"),
    name="videos-watched",
    icon_name="view",
    order=890,
)
