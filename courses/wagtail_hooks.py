"""What the courses app registers with Wagtail."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db import models
from django.urls import URLPattern, path, reverse, reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.compare import register_comparison_class
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.components import Component
from wagtail.admin.viewsets.base import ViewSet
from wagtail.admin.widgets import HeaderButton
from wagtail.log_actions import LogActionRegistry

from accounts.enums import Act
from accounts.models import Person, User
from accounts.scoping.finding import Finder
from accounts.scoping.handover import NamedWork
from accounts.scoping.named_keys import CalledBy
from accounts.scoping.requests import MemberRequest
from accounts.scoping.work import Shortcut, Work
from courses.enums import (
    AttendanceSource,
    AttendanceStatus,
    CallBackOutcome,
    CorrectionReason,
    ImportKind,
    WithdrawalReason,
)
from courses.finders import FINDERS
from courses.models import Cohort
from courses.panels import CenterPanel, FirstCohortPanel
from courses.queries.announcements import may_write_to, people_to_write_to
from courses.queries.content import titles_of_units
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


def _decimal(value: Any, _data: Mapping[str, Any]) -> str:
    """A number that the trail keeps as a text: "75.00" -> "75", "87.50" -> "87.5"."""
    return f"{Decimal(str(value)).normalize():f}"


LOG_ACTIONS = {
    "courses.content.freeze": (_("Freeze content"), _("Content frozen as a version")),
    "courses.content.correct": (_("Correct urgently"), _("Corrected for running cohorts")),
    "courses.page.take_offline": (_("Take offline"), _("Took the page offline")),
    "courses.call_back.asked": (_("Ask for a call"), _("Asked for a call")),
    "courses.call_back.added": (_("Ask for a call again"), _("Asked for a call again")),
    "courses.call_back.taken": (_("Take a request for a call"), _("Took a request for a call")),
    "courses.call_back.tried": (_("No answer"), _("Called, and no one answered")),
    "courses.call_back.closed": (_("Close a request for a call"), _("Closed a request for a call")),
    "courses.call_back.reopened": (
        _("Open a request for a call again"),
        _("Opened a request for a call again"),
    ),
    "courses.cohort.open": (_("Open cohort"), _("Cohort opened")),
    "courses.cohort.change": (_("Change cohort"), _("Cohort changed")),
    "courses.cohort.take_off": (_("Take an instructor off"), _("Instructor taken off after the start")),
    "courses.cohort.start": (_("Start cohort"), _("Cohort started")),
    "courses.cohort.close": (_("Close cohort"), _("Cohort closed")),
    "courses.cohort.reopen": (_("Reopen cohort"), _("Cohort reopened")),
    "courses.cohort.take_content": (_("Take newer content"), _("Newer content taken")),
    "courses.cohort.release_unit": (_("Set when a unit opens"), _("Set when a unit opens")),
    "courses.cohort.release_course": (_("Set when a course opens"), _("Set when a course opens")),
    "courses.session.cancel": (_("Cancel session"), _("Session canceled")),
    "courses.session.reschedule": (_("Change session"), _("Session changed")),
    "courses.session.schedule": (_("Schedule session"), _("Session scheduled")),
    "courses.complaint.export": (_("Export complaints"), _("Complaints exported")),
    "courses.enrollment.enroll": (_("Enroll"), _("Enrolled")),
    "courses.enrollment.withdraw": (_("Withdraw"), _("Withdrawn")),
    "courses.enrollment.give_back": (_("Give the seat back"), _("Seat given back")),
    "courses.enrollment.settle_given_back": (
        _("Nothing to do about a seat given back"),
        _("Noted: nothing to do about the seat given back"),
    ),
    "courses.enrollment.complete": (_("Complete"), _("Program completed")),
    "courses.enrollment.confirm": (_("Confirm completion"), _("Completion in doubt confirmed")),
    "courses.enrollment.reopen": (_("Reopen enrollment"), _("Goes on, as its cohort was reopened")),
    "courses.enrollment.fail": (_("End as not completed"), _("Ended as not completed")),
    "courses.enrollment.reinstate": (_("Take the withdrawal back"), _("Withdrawal taken back")),
    "courses.enrollment.transfer": (_("Transfer"), _("Transferred to another cohort")),
    "courses.hold.make": (_("Keep a seat"), _("Seat kept")),
    "courses.hold.release": (_("Release a seat"), _("Seat no longer kept")),
    "courses.hold.expire": (_("End of a kept seat"), _("The time of a kept seat was over")),
    "courses.waiting.join": (_("Join the waiting list"), _("Joined the waiting list")),
    "courses.waiting.leave": (_("Leave the waiting list"), _("Left the waiting list")),
    "courses.waiting.offer": (_("Offer a seat"), _("Seat offered to the next in line")),
    "courses.announcement.write": (_("Write a message"), _("Message to trainees written")),
    "courses.announcement.change": (_("Change a message"), _("Draft of a message changed")),
    "courses.announcement.send": (_("Send a message"), _("Message to trainees sent")),
    "courses.announcement.cancel": (_("Cancel a message"), _("Message to trainees canceled")),
    "courses.question.change": (_("Change a question"), _("Own question changed")),
    "courses.question.change_answer": (_("Change an answer"), _("Own answer to a question changed")),
    "courses.question.remove": (_("Remove a question"), _("Own question removed")),
    "courses.question.answer": (_("Answer a question"), _("Question answered")),
    "courses.question.accept": (_("Mark an answer"), _("Marked as the answer")),
    "courses.question.hide": (_("Hide a question"), _("Question hidden")),
    "courses.question.hide_answer": (_("Hide an answer"), _("Answer to a question hidden")),
    "courses.question.restore": (_("Show a question again"), _("Hidden question shown again")),
    "courses.question.restore_answer": (_("Show an answer again"), _("Hidden answer shown again")),
    "courses.question.settle_reports": (_("Leave what was reported"), _("Left as it is what was reported")),
    "courses.question.share": (_("Share a question"), _("Question shared with all cohorts of the program")),
    "courses.question.stop_sharing": (_("Stop sharing a question"), _("Question no longer shared")),
    "courses.question.mute": (_("Stop a trainee from writing"), _("May not write under lessons for a while")),
    "courses.question.unmute": (_("Let a trainee write again"), _("May write under lessons again")),
    "courses.question.erase": (_("Erase questions"), _("Words under lessons erased")),
    "courses.import.upload": (_("Upload a list"), _("List uploaded")),
    "courses.import.start": (_("Start an import"), _("Import started")),
    "courses.import.finish": (_("End of an import"), _("Import finished")),
    "courses.progress.mark": (_("Record score"), _("Score recorded")),
    "courses.progress.import": (_("Import a result"), _("Result imported")),
    "courses.progress.correct": (_("Correct score"), _("Score corrected")),
    "courses.practice.record": (_("Record practical result"), _("Practical result recorded")),
    "courses.attendance.record": (_("Record attendance"), _("Attendance recorded")),
    "courses.attendance.lock": (_("Lock attendance"), _("Attendance locked")),
    "courses.attendance.amend": (_("Amend attendance"), _("Attendance amended")),
    "courses.attendance.object": (_("Object to a mark"), _("Objection to a mark made")),
    "courses.attendance.answer": (_("Answer an objection"), _("Objection to a mark answered")),
    "courses.attendance.type_paper": (_("Type a paper sheet"), _("Paper sheet typed")),
    "courses.attendance.type_paper_again": (_("Type a paper sheet again"), _("Paper sheet typed again")),
    "courses.attendance.record_paper": (_("Record a paper sheet"), _("Paper sheet recorded")),
    "courses.attendance.discard_paper": (_("Discard a paper sheet"), _("Typed paper sheet discarded")),
    "courses.attendance.open_code": (_("Open the code page"), _("Code page opened")),
    "courses.attendance.close_code": (_("Close the code page"), _("Code page closed")),
    "courses.attendance.refuse_code": (_("Refuse a code"), _("Attendance code refused")),
    "courses.completion_rule.set": (_("Set completion rule"), _("Completion rule set")),
}

# What is in the data of what is logged (`accounts.audit.labels`).
AUDIT_LABELS: dict[str, Any] = {
    "courses.complaint.export:format": _("format"),
    "courses.call_back:outcome": (_("outcome"), CallBackOutcome),
    "courses:reason": _("reason"),
    "courses:cohort": _("cohort"),
    "courses:program": _("program"),
    "courses:units": _("units"),
    "courses:version": _("version"),
    "courses.cohort:seats": _("seats"),
    "courses.cohort.close:completed": _("completed by the closing"),
    "courses.cohort.close:failed": _("ended as not completed"),
    "courses.cohort.reopen:reopened": _("enrollments that go on"),
    "courses.page.take_offline:cohorts": _("cohorts that learn from it"),
    "courses.cohort:content": _("version of the content"),
    "courses.cohort.take_content:from": _("version before"),
    "courses.cohort.take_content:to": _("version after"),
    "courses.cohort:unit": _("unit"),
    "courses.cohort:course": _("course"),
    "courses.cohort:opens_at": _("opens at"),
    "courses.cohort:units_first": _("units to complete first"),
    "courses.content.correct:unit": _("unit"),
    "courses.content.correct:correction_reason": (_("because of"), CorrectionReason),
    "courses.content.correct:note": _("what changed"),
    "courses.content.correct:is_out": _("taken out"),
    "courses.enrollment.complete:eligibility": None,
    "courses.enrollment:withdrawn_for": (_("why"), WithdrawalReason),
    "courses.enrollment.transfer:from": _("from cohort"),
    "courses.cohort.take_off:instructors": _("instructors"),
    "courses.enrollment.transfer:to": _("to cohort"),
    "courses.announcement:people": _("people"),
    "courses.announcement:noted": _("people whose turn had come"),
    "courses.announcement:sha256": _("digest of the text"),
    "courses.announcement:urgent": _("urgent"),
    "courses.question:sha256": _("digest of the text before"),
    "courses.question:reason": _("reason"),
    "courses.question.answer:marked": _("marked as the answer"),
    "courses.question.settle_reports:count": _("reports"),
    "courses.question.mute:until": _("until"),
    "courses.question.erase:questions": _("questions"),
    "courses.question.erase:answers": _("answers"),
    "courses.import:kind": (_("list of"), ImportKind),
    "courses.import:makes_logins": _("make logins"),
    "courses.import:sha256": _("digest of the file"),
    "courses.import:created": _("new"),
    "courses.import:changed": _("changed"),
    "courses.import:unchanged": _("unchanged"),
    "courses.import:faulty": _("with faults"),
    "courses.progress:unit": (_("unit"), CalledBy(titles_of_units)),
    "courses.progress.mark:score": (_("score, %"), _decimal),
    "courses.progress.import:score": (_("score, %"), _decimal),
    "courses.progress.import:taken_on": _("taken on"),
    "courses.progress.import:source": _("from the file"),
    "courses.progress.correct:from": (_("score before, %"), _decimal),
    "courses.progress.correct:to": (_("score after, %"), _decimal),
    "courses.progress:passed": _("passed"),
    "courses.practice.record:task": _("practical task"),
    "courses.practice.record:score": (_("score, %"), _decimal),
    "courses.practice.record:passed": _("passed"),
    "courses.attendance:status": (_("status"), AttendanceStatus),
    "courses.attendance:source": (_("source"), AttendanceSource),
    "courses.attendance.record_paper:first": _("typed by"),
    "courses.attendance.record_paper:second": _("typed again by"),
    "courses.attendance.record_paper:lines": _("lines"),
    "courses.attendance.record_paper:differences": _("differences decided"),
    "courses.attendance.open_code:late_after": _("late after so many minutes"),
    "courses.attendance.refuse_code:refused": _("codes refused so far"),
    "courses.attendance.record:from": (_("before"), AttendanceStatus),
    "courses.attendance.amend:from": (_("before"), AttendanceStatus),
    "courses.attendance.amend:to": (_("after"), AttendanceStatus),
    "courses.attendance.answer:granted": _("granted"),
    "courses.attendance.answer:answer": _("answer"),
}


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
