"""Messages to trainees in the staff workplace: write, look at whom they reach, send, watch, cancel."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, JsonResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.urls import URLPattern, path, reverse
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View
from django.views.generic import TemplateView
from wagtail.admin.ui.tables import BooleanColumn, Column
from wagtail.admin.views import generic
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from accounts.enums import Act, NoticeState
from accounts.errors import DomainError
from accounts.models import User
from accounts.scoping.audit import InspectViewWithTrail
from accounts.scoping.requests import MemberRequest
from accounts.scoping.viewsets import ActView, CenterViewSet
from courses.enums import AnnouncementState
from courses.errors import NotADraft
from courses.forms.announcements import AnnouncementForm, WordsForm
from courses.models import Announcement, AnnouncementJob
from courses.queries.announcements import (
    account_of,
    announcements_of,
    centers_to_write_to,
    cohorts_to_write_to,
    how_many_read,
    may_be_canceled,
    reach_of,
    read_by,
    words_of,
)
from courses.services.announcements import (
    cancel_announcement,
    change_announcement,
    send_announcement,
    sms_parts,
    write_announcement,
)
from courses.viewsets.writing import ChangeView, WriteToView, WriteView
from jobs.enums import JobState

PEOPLE_ON_A_PAGE = 50
WAYS = {
    "email": gettext_lazy("By e-mail, and on the site"),
    "sms": gettext_lazy("By short message, and on the site"),
    "site": gettext_lazy("On the site only: no number and no address"),
    "declined": gettext_lazy("On the site only: they switched announcements off"),
    "closed": gettext_lazy(
        "By nothing now: their login is closed. It is on the site when it is opened again"
    ),
    "nowhere": gettext_lazy(
        "By nothing now: no login, no number and no address. It is on the site when they get a login"
    ),
}
STOPPED = gettext_lazy(
    "An error stopped it before everyone was noted. The operators see the error and can let it go on."
)
NOT_REACHED = ("closed", "nowhere")


def progress_of(announcement: Announcement) -> dict[str, Any]:
    """What the page of a message that is being sent shows and polls."""
    facts = {"account": account_of(announcement)}
    return {
        "is_live": announcement.state == AnnouncementState.SENDING,
        "percent": facts["account"].percent,
        "percent_label": render_to_string("courses/admin/announcement_percent.txt", facts).strip(),
        "label": render_to_string("courses/admin/announcement_progress.txt", facts).strip(),
        "trouble": str(STOPPED) if _is_stopped(announcement) else "",
    }


def _is_stopped(announcement: Announcement) -> bool:
    return AnnouncementJob.objects.filter(announcement=announcement, state=JobState.FAILED).exists()


def preview_of(announcement: Announcement) -> dict[str, Any]:
    """Whom a draft would reach, by which channel, and what its short messages cost."""
    reached = reach_of(announcement)
    counts = {way: sum(group.people for group in reached if group.way == way) for way in WAYS}
    return {
        "people": sum(counts.values()),
        "reached": sum(count for way, count in counts.items() if way not in NOT_REACHED),
        "ways": [(WAYS[way], count, way in NOT_REACHED) for way, count in counts.items() if count],
        "parts": sms_parts(announcement, reached),
    }


class AnnouncementInspectView(InspectViewWithTrail, generic.InspectView):
    """The words; of a draft whom it reaches, of others what became of it."""

    template_name = "courses/admin/announcement.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        announcement = self.object
        is_draft = announcement.state == AnnouncementState.DRAFT
        user = self.request.user
        within = self.viewset.permission_policy
        return super().get_context_data(
            announcement=announcement,
            preview=preview_of(announcement) if is_draft else None,
            account=None if is_draft else account_of(announcement),
            read=0 if is_draft else how_many_read(announcement),
            people_url=reverse("announcement:people", args=[announcement.pk]),
            progress=None if is_draft else progress_of(announcement),
            may_send=is_draft and within.user_has_permission_for_instance(user, "send", announcement),
            may_cancel=may_be_canceled(announcement)
            and within.user_has_permission_for_instance(user, "cancel", announcement),
            **kwargs,
        )


class AnnouncementProgressView(View):
    model = Announcement

    def get(self, request: HttpRequest, pk: int) -> JsonResponse:
        return JsonResponse(progress_of(get_object_or_404(Announcement, pk=pk)))


class AnnouncementPeopleView(WagtailAdminTemplateMixin, TemplateView):
    """Who was told, by what, and who was not: with `state`, those of one state only."""

    model = Announcement
    request: MemberRequest
    template_name = "courses/admin/announcement_people.html"
    page_title = gettext_lazy("Who was told")
    header_icon = "mail"
    _show_breadcrumbs = True
    index_url_name = ""

    @cached_property
    def announcement(self) -> Announcement:
        return get_object_or_404(Announcement, pk=self.kwargs["pk"])

    def get_page_subtitle(self) -> str:
        return self.announcement.subject_ar

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        row = self.announcement
        return [
            *self.breadcrumbs_items,
            {"url": reverse(self.index_url_name), "label": capfirst(row._meta.verbose_name_plural)},
            {"url": reverse("announcement:inspect", args=[row.pk]), "label": row.subject_ar},
            {"url": "", "label": self.page_title},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        asked = self.request.GET.get("state", "")
        state = asked if asked in NoticeState else ""
        notices = self.announcement.notices.select_related("person", "delivery").order_by("pk")
        if state:
            notices = notices.filter(state=state)
        page = Paginator(notices, PEOPLE_ON_A_PAGE).get_page(self.request.GET.get("p"))
        read = read_by(page.object_list)
        return super().get_context_data(
            announcement=self.announcement,
            account=account_of(self.announcement),
            page=page,
            state=state,
            states=NoticeState,
            rows=[(notice, words_of(notice), read.get(notice.pk)) for notice in page],
            **kwargs,
        )


class SendView(ActView):
    model = Announcement

    def act_on(self, pk: int) -> str:
        send_announcement(announcement_id=pk, by=self.request.user)
        return _("The message is being sent.")


class CancelView(ActView):
    model = Announcement

    def act_on(self, pk: int) -> str:
        cancel_announcement(announcement_id=pk, by=self.request.user)
        return _("The message is canceled. Who was told before is counted below.")


class AnnouncementViewSet(CenterViewSet):
    """Messages are written as drafts, sent and canceled. What was sent is never changed."""

    model = Announcement
    icon = "mail"
    menu_label = gettext_lazy("Messages")
    add_view_class = WriteView
    edit_view_class = ChangeView
    inspect_view_class = AnnouncementInspectView
    form_class = AnnouncementForm
    edit_form_class = WordsForm
    list_display = (
        "subject_ar",
        Column("recipients", label=gettext_lazy("To")),
        "state",
        "expected",
        BooleanColumn("is_urgent", label=gettext_lazy("Urgent")),
        "written_by",
        "written_at",
        "sent_at",
    )
    list_filter = ("scope", "state", "center", "is_urgent")
    list_select_related = ("center", "program", "cohort", "person", "written_by")
    search_fields = ("subject_ar", "subject_en")
    inspect_view_fields = ("written_by", "written_at", "sent_by", "sent_at", "finished_at", "canceled_by")

    def within(self, rows: QuerySet[Announcement], *, user: User) -> QuerySet[Announcement]:
        return announcements_of(user, rows)

    def choices(self, name: str, rows: QuerySet[Any], *, user: User, act: Act) -> QuerySet[Any]:
        match name:
            case "center":
                return rows.filter(pk__in=centers_to_write_to(user).values("pk"))
            case "cohort":
                return rows.filter(pk__in=cohorts_to_write_to(user).values("pk"))
            case "program":
                return rows
            case _:
                return super().choices(name, rows, user=user, act=act)

    def refusal_to_change(self, row: Announcement) -> DomainError | None:
        return None if row.state == AnnouncementState.DRAFT else NotADraft()

    def create_row(self, form: AnnouncementForm, *, by: User) -> Announcement:
        typed = form.cleaned_data
        return write_announcement(
            scope=typed["scope"],
            texts=form.texts,
            is_urgent=typed["is_urgent"],
            by=by,
            **form.recipients,
        )

    def change_row(self, form: WordsForm, *, by: User) -> Announcement:
        return change_announcement(
            announcement_id=form.instance.pk,
            texts=form.texts,
            is_urgent=form.cleaned_data["is_urgent"],
            by=by,
        )

    def get_urlpatterns(self) -> list[URLPattern]:
        index = self.get_url_name("index")
        return [
            *super().get_urlpatterns(),
            path("to/", self.construct_view(WriteToView, verb="add"), name="to"),
            path("send/<int:pk>/", self.construct_view(SendView, verb="send"), name="send"),
            path("cancel/<int:pk>/", self.construct_view(CancelView, verb="cancel"), name="cancel"),
            path(
                "progress/<int:pk>/",
                self.construct_view(AnnouncementProgressView, verb="view"),
                name="progress",
            ),
            path(
                "people/<int:pk>/",
                self.construct_view(AnnouncementPeopleView, verb="view", index_url_name=index),
                name="people",
            ),
        ]
