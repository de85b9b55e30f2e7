"""What the courses app registers with Wagtail."""

from collections.abc import Sequence
from typing import Any

from django.db import models
from django.http import Http404, HttpRequest
from django.urls import URLPattern, path, reverse, reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.compare import register_comparison_class
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.components import Component
from wagtail.admin.viewsets.base import ViewSet
from wagtail.admin.widgets import HeaderButton
from wagtail.documents.models import AbstractDocument
from wagtail.log_actions import LogActionRegistry
from wagtail.permissions import policy_registry

from accounts.enums import Act
from accounts.models import Person, User
from accounts.scoping.finding import Finder
from accounts.scoping.handover import NamedWork
from accounts.scoping.requests import MemberRequest
from accounts.scoping.work import Shortcut, Work
from courses.finders import FINDERS
from courses.log_words import AUDIT_LABELS, LOG_ACTIONS
from courses.models import Cohort
from courses.panels import CenterPanel, FirstCohortPanel
from courses.queries.announcements import may_write_to, people_to_write_to
from courses.queries.documents import is_published
from courses.queries.workspace.registry import BulkAct, WorkspaceTab, register_bulk_act, register_tab
from courses.reports import VideosWatchedResultsView, VideosWatchedView, videos_watched_item
from courses.views.authoring import tell_of_cohorts, warn_before_editing, warn_of_missing_captions
from courses.views.comparisons import ValueComparison, YesOrNoComparison
from courses.views.complaint_desk import ComplaintDeskItem, ComplaintDeskView
from courses.views.content import (
    AssignContentView,
    ReviewView,
    TakeOfflineView,
    UrgentCorrectionView,
    buttons_of_page,
    choose_among_published_or_own,
    name_the_review,
    refuse_mixed_owners,
)
from courses.views.desk import DeskMenuItem, DeskView
from courses.views.first_cohort import FirstCohortView
from courses.views.pages import serve_courses_page
from courses.viewsets import TeachingGroup
from courses.viewsets.call_backs import CallBackViewSet, call_back_counts_item
from courses.viewsets.choosers import PersonChooserViewSet
from courses.viewsets.complaints import ComplaintViewSet
from courses.work import SHORTCUTS, WORK
from courses.work.handover import NAMED_WORK


@hooks.register("before_serve_document")
def serve_published_documents(document: AbstractDocument, request: HttpRequest) -> None:
    """Raises Http404 for what no page that is online shows, but for staff who may choose it."""
    policy = policy_registry.get_by_type(type(document))
    may_choose = policy.user_has_permission_for_instance(request.user, "choose", document)
    if not may_choose and not is_published(document):
        raise Http404


@hooks.register("register_log_actions")
def register_log_actions(actions: LogActionRegistry) -> None:
    for action, (label, message) in LOG_ACTIONS.items():
        actions.register_action(action, label, message)


@hooks.register("register_audit_labels")
def audit_labels() -> dict[str, Any]:
    return AUDIT_LABELS


@hooks.register("register_admin_viewset")
def register_teaching() -> list[ViewSet]:
    return [PersonChooserViewSet("person_chooser"), TeachingGroup(), ComplaintViewSet(), CallBackViewSet()]


@hooks.register("register_admin_urls")
def register_reports() -> list[URLPattern]:
    return [
        path("reports/videos-watched/", VideosWatchedView.as_view(), name="videos_watched"),
        path(
            "reports/videos-watched/results/",
            VideosWatchedResultsView.as_view(),
            name="videos_watched_results",
        ),
    ]


@hooks.register("register_admin_urls")
def register_desk() -> list[URLPattern]:
    return [path("desk/", DeskView.as_view(), name="desk")]


@hooks.register("register_admin_urls")
def register_first_cohort() -> list[URLPattern]:
    return [path("first-cohort/<int:pk>/", FirstCohortView.as_view(), name="first_cohort")]


@hooks.register("construct_homepage_panels")
def lead_to_first_cohort(request: MemberRequest, panels: list[Component]) -> None:
    panels.append(FirstCohortPanel(request.user))


register_comparison_class(models.BooleanField, comparison_class=YesOrNoComparison)
for kind in (models.IntegerField, models.DecimalField, models.DateField):
    register_comparison_class(kind, comparison_class=ValueComparison)
hooks.register("register_center_panel", CenterPanel)


@hooks.register("register_admin_menu_item")
def list_desk() -> MenuItem:
    return DeskMenuItem(_("Front desk"), reverse_lazy("desk"), name="desk", icon_name="user", order=90)


@hooks.register("register_admin_urls")
def register_complaint_desk() -> list[URLPattern]:
    return [path("complaint-desk/", ComplaintDeskView.as_view(), name="complaint_desk")]


@hooks.register("register_admin_menu_item")
def list_complaint_desk() -> MenuItem:
    return ComplaintDeskItem(
        _("Enter a complaint"),
        reverse_lazy("complaint_desk"),
        name="complaint-desk",
        icon_name="warning",
        order=95,
    )


@hooks.register("register_admin_urls")
def register_publishing() -> list[URLPattern]:
    return [
        path("content/review/<int:pk>/", ReviewView.as_view(), name="content_review"),
        path("content/offline/<int:pk>/", TakeOfflineView.as_view(), name="content_offline"),
        path("content/correct/<uuid:unit_key>/", UrgentCorrectionView.as_view(), name="content_correct"),
        path("content/owner/<int:pk>/", AssignContentView.as_view(), name="content_owner"),
    ]


@hooks.register("register_reports_menu_item")
def list_reports() -> MenuItem:
    return videos_watched_item


@hooks.register("register_reports_menu_item")
def list_call_back_counts() -> MenuItem:
    return call_back_counts_item


@hooks.register("register_person_button")
def write_to_person(request: MemberRequest, person: Person) -> HeaderButton | None:
    """On the page of a person."""
    if not people_to_write_to(request.user).filter(pk=person.pk).exists():
        return None
    address = f"{reverse('announcement:to')}?person={person.pk}"
    return HeaderButton(_("Write a message"), url=address, icon_name="mail")


@hooks.register("register_video_watching_button")
def lead_to_all_videos(_request: MemberRequest) -> HeaderButton:
    return HeaderButton(_("All videos"), url=reverse("videos_watched"), icon_name="view", priority=10)


def asks_practical_tasks(_user: User, cohort: Cohort) -> bool:
    rule = cohort.completion_rule
    return bool(rule and rule.asks.practice.tasks)


for number, (name, label) in enumerate(
    (
        ("people", _("Trainees")),
        ("sessions", _("Attendance")),
        ("progress", _("Progress")),
        ("risks", _("At risk")),
    )
):
    register_tab(WorkspaceTab(name, label, f"cohort:{name}", order=10 * number))
register_tab(WorkspaceTab("messages", _("Messages"), "cohort:messages", Act.WRITE_TO_TRAINEES, order=50))
register_tab(
    WorkspaceTab("questions", _("Questions"), "cohort:questions", act=Act.ANSWER_QUESTIONS, order=60)
)
register_tab(WorkspaceTab("about", _("About and history"), "cohort:inspect", order=900))

register_bulk_act(
    BulkAct(
        "write",
        _("Write a message"),
        "mail",
        Act.WRITE_TO_TRAINEES,
        "cohort:write_to",
        order=10,
        is_for=may_write_to,
    )
)
register_bulk_act(
    BulkAct("transfer", _("Transfer"), "arrow-right", Act.ENROLL, "cohort:transfer_many", order=20)
)
register_bulk_act(
    BulkAct("enroll", _("Enroll in another cohort"), "plus", Act.ENROLL, "cohort:enroll_many", order=30)
)
register_bulk_act(
    BulkAct(
        "assess",
        _("Record a practical result"),
        "clipboard-list",
        Act.ASSESS,
        "cohort:assess_many",
        order=40,
        is_for=asks_practical_tasks,
    )
)
register_bulk_act(BulkAct("withdraw", _("Withdraw"), "cross", Act.ENROLL, "cohort:withdraw_many", order=90))


@hooks.register("register_work")
def register_work() -> Sequence[type[Work]]:
    return WORK


@hooks.register("register_named_work")
def register_named_work() -> Sequence[type[NamedWork]]:
    return NAMED_WORK


@hooks.register("register_shortcuts")
def register_shortcuts() -> Sequence[Shortcut]:
    return SHORTCUTS


@hooks.register("register_finders")
def register_finders() -> Sequence[type[Finder]]:
    return FINDERS


hooks.register("register_page_header_buttons", buttons_of_page)
hooks.register("construct_page_action_menu", name_the_review)
hooks.register("construct_page_chooser_queryset", choose_among_published_or_own)
hooks.register("before_move_page", refuse_mixed_owners)
hooks.register("on_serve_page", serve_courses_page, order=1000)
hooks.register("before_edit_page", warn_before_editing)
hooks.register("after_publish_page", warn_of_missing_captions)
hooks.register("after_publish_page", tell_of_cohorts)
