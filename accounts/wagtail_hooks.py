"""Registers the accounts pages of the staff workplace and the labels of the audit trail."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.apps import apps
from django.db.models import Model
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse, reverse_lazy
from django.utils.formats import time_format
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.search import SearchArea
from wagtail.admin.ui.components import Component
from wagtail.admin.views.home import UserObjectsInWorkflowModerationPanel, WorkflowObjectsToModeratePanel
from wagtail.log_actions import LogActionRegistry
from wagtail.models import ModelLogEntry, Page, PageLogEntry
from wagtail.permissions import register_permission_policy
from wagtail.users.models import UserProfile

from accounts.audit.labels import Word
from accounts.enums import (
    ContactKind,
    ContactProof,
    DataRequestState,
    DeliveryChannel,
    Digits,
    Language,
    MergedRecord,
    RoleName,
    SameContact,
)
from accounts.finders import FINDERS
from accounts.models import AuditedModelLogEntry, AuditedPageLogEntry, Center, User, VisualIdentity
from accounts.panels import DeputiesPanel, SecondPersonPanel, WorkPanel
from accounts.rule import acts_on
from accounts.scoping.filters_in_words import filters_in_words, name_of_list
from accounts.scoping.finding import Finder
from accounts.scoping.policies import SettingPolicy
from accounts.scoping.requests import MemberRequest
from accounts.scoping.work import Shortcut, Work
from accounts.services.courtesies import courtesies
from accounts.services.site_notices import count_unread
from accounts.views.deputies import DeputiesView, EndDeputyView, NameDeputyView
from accounts.views.handover import HandOverView
from accounts.views.lists import ListColumnsView, ListViewsView
from accounts.views.workplace import FindView, WorkView
from accounts.viewsets import PeopleAndCentersGroup
from accounts.viewsets.audit import AuditViewSet
from accounts.work import SHORTCUTS, WORK

LOG_ACTIONS = {
    "accounts.person.register": (_("Register"), _("Registered the person")),
    "accounts.person.correct": (_("Correct"), _("Corrected the person")),
    "accounts.person.merge": (_("Merge records"), _("Merged two records of one person")),
    "accounts.person.unmerge": (_("Undo a merge"), _("Undid a merge of two records")),
    "accounts.person.begin_view": (
        _("See what a trainee sees"),
        _("Began to see the pages of the trainee"),
    ),
    "accounts.person.see_page": (_("See a page of a trainee"), _("Saw a page of the trainee")),
    "accounts.person.end_view": (
        _("End seeing what a trainee sees"),
        _("Ended seeing the pages of the trainee"),
    ),
    "accounts.person_note.add": (_("Add note"), _("Wrote a note about the person")),
    "accounts.person.choose_digest": (_("Choose the daily message"), _("Chose what the daily message has")),
    "accounts.person.choose_notices": (_("Choose messages"), _("Chose which messages are wanted")),
    "accounts.photo.add": (_("Add photo"), _("Added the photo of the person")),
    "accounts.photo.remove": (_("Remove photo"), _("Removed the photo of the person")),
    "accounts.identity_document.register": (_("Add document"), _("Added an identity document")),
    "accounts.identity_document.correct": (_("Correct number"), _("Corrected a mistyped national number")),
    "accounts.identity_document.compare": (
        _("Compare number"),
        _("Compared a national number with the card"),
    ),
    "accounts.identity_document.take_out": (_("Take out number"), _("Took out a wrong national number")),
    "accounts.consent.give": (_("Give consent"), _("Gave consent")),
    "accounts.consent.withdraw": (_("Withdraw consent"), _("Withdrew consent")),
    "accounts.contact.record": (_("Record contact"), _("Recorded a number or address")),
    "accounts.contact.share": (_("Share contact"), _("Noted that another person has this number, too")),
    "accounts.contact.end": (_("End contact"), _("Ended a number or address")),
    "accounts.notice.send_again": (_("Send again"), _("Sent a message again that had not arrived")),
    "accounts.data_request.ask": (_("Ask about data"), _("Asked about their own data")),
    "accounts.data_request.propose": (_("Propose erasure"), _("Proposed to erase the data of a person")),
    "accounts.data_request.decide": (_("Answer request"), _("Answered a request about data")),
    "accounts.person.hold": (_("Legal hold"), _("Forbade or allowed to erase")),
    "accounts.person.read": (_("Read person"), _("Read the page of the person")),
    "accounts.login.change_number": (_("Change the number of a login"), _("Logs in with another number")),
    "accounts.login.choose_password": (_("Choose password"), _("Chose a password of their own")),
    "accounts.login.choose_language": (_("Choose language"), _("Chose the language and the digits")),
    "accounts.login.change_settings": (_("Change settings"), _("Changed the own settings of the workplace")),
    "accounts.login.create": (_("Create login"), _("Created the login")),
    "accounts.login.deactivate": (_("Close login"), _("Closed the login")),
    "accounts.login.reactivate": (_("Open login"), _("Opened the login again")),
    "accounts.login.reset_password": (_("New password"), _("Gave a new password")),
    "accounts.login.end_session": (_("End session"), _("Ended a session")),
    "accounts.login.end_sessions": (_("End sessions"), _("Ended the sessions of the login")),
    "accounts.login.add_factor": (_("Set up second factor"), _("Set up a second factor")),
    "accounts.login.remove_factor": (_("Remove second factor"), _("Removed a second factor")),
    "accounts.login.use_recovery_code": (_("Use recovery code"), _("Used a recovery code")),
    "accounts.login.link_provider": (
        _("Link identity provider"),
        _("Linked the login with the identity provider"),
    ),
    "accounts.login.unlink_provider": (
        _("Unlink identity provider"),
        _("Ended the link with the identity provider"),
    ),
    "accounts.contact.prove": (_("Prove number"), _("Proved the number by a code")),
    "accounts.contact.dispute": (
        _("Dispute number"),
        _("Another person proved the same number"),
    ),
    "accounts.login.give_first": (_("First password"), _("Gave the first password")),
    "accounts.login.empty": (
        _("Empty login"),
        _(
            "Took password, second factors and sessions of a login that no one had proved: its person was proved"
        ),
    ),
    "accounts.number.miss": (
        _("Number led to no one"),
        _("Typed the number of an identity card that belongs to no one here"),
    ),
    "accounts.login.open": (_("Open a login"), _("Chose the first password by a code")),
    "accounts.login.recover": (_("Recover password"), _("Chose a new password by a code")),
    "accounts.recovery.miss": (
        _("No trainee found"),
        _("Looked for a trainee with a lost password and found none"),
    ),
    "accounts.recovery.ask": (_("Ask for password"), _("Asked for a new password")),
    "accounts.recovery.give": (_("Give password"), _("Gave a new password that a colleague had asked for")),
    "accounts.recovery.refuse": (_("Refuse password"), _("Refused a new password, or took the request back")),
    "accounts.role_request.ask": (_("Ask for a role"), _("Asked for a role that two people give")),
    "accounts.role_request.give": (
        _("Give a role asked for"),
        _("Gave a role that a colleague had asked for"),
    ),
    "accounts.role_request.refuse": (
        _("Refuse a role"),
        _("Refused a role that two people give, or took the request back"),
    ),
    "accounts.login.confirm_card": (
        _("Compare the identity card"),
        _("Compared the identity card of the holder"),
    ),
    "accounts.content.assign": (_("Assign content"), _("Decided which center writes the page")),
    "accounts.deputy.name": (_("Name deputy"), _("Named a deputy")),
    "accounts.deputy.end": (_("End deputy"), _("Ended a deputy")),
    "accounts.offer.make": (_("Offer role"), _("Offered a role")),
    "accounts.offer.accept": (_("Accept role"), _("Accepted the offered role")),
    "accounts.offer.decline": (_("Decline role"), _("Declined the offered role")),
    "accounts.offer.withdraw": (_("Take offer back"), _("Took the offered role back")),
    "accounts.membership.give": (_("Give role"), _("Gave the role")),
    "accounts.membership.end": (_("End role"), _("Ended the role")),
    "accounts.membership.hand_over": (_("Hand work over"), _("Handed work over to a colleague")),
    "accounts.audit.export": (_("Export audit trail"), _("Exported the audit trail")),
    "accounts.list.export": (_("Export list"), _("Exported a list")),
    "accounts.list.share": (_("Share a view"), _("Shared a saved view of a list in the center")),
    "accounts.list.stop_sharing": (_("Stop sharing"), _("Stopped sharing a saved view of a list")),
    "accounts.audit.erase": (
        _("Erase from audit trail"),
        _("Erased what the audit trail said about the person"),
    ),
    "accounts.audit.expire_addresses": (_("Expire addresses"), _("Old addresses in the audit trail expired")),
}


def name_of_record(key: int, _data: Mapping[str, Any]) -> str:
    """By its key: the names of both are on the page of the merge, and one is in no list."""
    return f"#{key}"


def subject_of_notice(label: str, _data: Mapping[str, Any]) -> str:
    """What notices of this model are about."""
    try:
        return str(apps.get_model(label).subject)
    except (LookupError, ValueError):
        return label


def name_of_topic(topic: str, _data: Mapping[str, Any]) -> str:
    """What the courtesy is called on the page of notices; the topic itself where it is none any more."""
    labels = {courtesy.topic: str(courtesy.label) for courtesy in courtesies()}
    return labels.get(topic, topic)


def name_of_declined(declined: str, data: Mapping[str, Any]) -> str:
    """A courtesy and a channel, logged as `topic: channel`."""
    topic, _colon, channel = declined.partition(": ")
    return f"{name_of_topic(topic, data)} ({dict(DeliveryChannel.choices).get(channel, channel)})"


def hour_of_day(hour: int, _data: Mapping[str, Any]) -> str:
    return time_format(dt.time(hour), "TIME_FORMAT")


# What is in the data of what is logged (`accounts.audit.labels`).
AUDIT_LABELS: dict[str, Word] = {
    "accounts:reason": _("reason"),
    "accounts:center": (_("center"), Center),
    "accounts:asked_by": (_("asked by"), User),
    "accounts.content.assign:before": _("before"),
    "accounts.content.assign:after": _("after"),
    "accounts.offer:role": (_("role"), RoleName),
    "accounts.role_request:role": (_("role"), RoleName),
    "accounts.offer.accept:membership": _("number of the role"),
    "accounts.person.choose_notices:declined": (_("not wanted"), name_of_declined),
    "accounts.person.choose_digest:gathered": (_("together, once a day"), name_of_topic),
    "accounts.person.choose_digest:hour": (_("hour"), hour_of_day),
    "accounts.person.choose_digest:short": _("by short message"),
    "accounts.person.register:source": _("from the file"),
    "accounts.person:kept": (_("record that is kept"), name_of_record),
    "accounts.person:duplicate": (_("second record"), name_of_record),
    "accounts.person:rows": _("rows"),
    "accounts.person:record": (_("this line is about"), MergedRecord),
    "accounts.person.see_page:page": _("page"),
    "accounts.contact.record:kind": (_("kind"), ContactKind),
    "accounts.contact.record:proved": (_("proved"), ContactProof),
    "accounts.contact.record:same": (_("the same number"), SameContact),
    "accounts.login.change_settings:preferred_language": (_("language"), Language),
    "accounts.login.change_settings:theme": (_("colors"), UserProfile.AdminColorThemes),
    "accounts.login.change_settings:contrast": (_("contrast"), UserProfile.AdminContrastThemes),
    "accounts.login.change_settings:density": (_("density"), UserProfile.AdminDensityThemes),
    "accounts.login.change_settings:keyboard_shortcuts": _("keyboard shortcuts"),
    "accounts.login.change_settings:submitted_notifications": _("e-mail about drafts to review"),
    "accounts.login.change_settings:approved_notifications": _("e-mail about drafts that were approved"),
    "accounts.login.change_settings:rejected_notifications": _("e-mail about drafts that came back"),
    "accounts.login.change_settings:updated_comments_notifications": _("e-mail about comments"),
    "accounts.login.change_settings:avatar": _("picture"),
    "accounts.login.choose_language:language": (_("language"), Language),
    "accounts.login.choose_language:digits": (_("digits"), Digits),
    "accounts.notice.send_again:about": (_("about"), subject_of_notice),
    "accounts.notice.send_again:kind": _("kind"),
    "accounts.data_request.decide:state": (_("state"), DataRequestState),
    "accounts.login.add_factor:kind": _("kind"),
    "accounts.login.remove_factor:kind": _("kind"),
    "accounts.login.end_session:address": _("address"),
    "accounts.membership:login": (_("login"), User),
    "accounts.membership:taker": (_("to whom"), User),
    "accounts.membership:rows": _("number of things"),
    "accounts.deputy:login": (_("deputy"), User),
    "accounts.deputy:lender": (_("acts for"), User),
    "accounts.deputy:role": (_("role"), RoleName),
    "accounts.deputy:since": _("first day"),
    "accounts.deputy:until": _("last day"),
    "accounts.deputy:conflict": _("reason for roles that conflict"),
    "accounts.membership:role": (_("role"), RoleName),
    "accounts.identity_document:check_digit_fits": _("check digit fits"),
    # A keyed hash: misses of one number are counted together.
    "accounts.number.miss:number": None,
    "accounts.recovery.miss:number": None,
    "accounts.audit.export:format": _("format"),
    "accounts.audit.export:named": None,
    "accounts.list.export:named": None,
    "accounts.audit.export:filters": (_("filters"), filters_in_words),
    "accounts.audit:rows": _("rows"),
    "accounts.list.export:list": (_("list"), name_of_list),
    "accounts.list.export:format": _("format"),
    "accounts.list.export:filters": (_("filters"), filters_in_words),
    "accounts.list.export:rows": _("rows"),
    "accounts.list:view": _("name of the view"),
    "accounts.list:address": (_("list"), name_of_list),
    "accounts.audit.expire_addresses:before": _("written before"),
}


# In place of the policy by Django permissions, which Wagtail registered with the model.
register_permission_policy(VisualIdentity, SettingPolicy(VisualIdentity, acts_on("accounts.VisualIdentity")))


@hooks.register("register_audit_labels")
def audit_labels() -> dict[str, Word]:
    return AUDIT_LABELS


@hooks.register("register_admin_viewset")
def people_and_centers() -> PeopleAndCentersGroup:
    return PeopleAndCentersGroup()


@hooks.register("register_account_menu_item")
def security_of_the_login(_request: HttpRequest) -> dict[str, str]:
    return {
        "url": reverse("mfa_index"),
        "label": str(_("Security of your login")),
        "help_text": str(_("Second factor, password, and where you are logged in.")),
    }


@hooks.register("register_admin_viewset")
def audit_trail() -> AuditViewSet:
    return AuditViewSet()


@hooks.register("register_log_actions")
def log_actions(actions: LogActionRegistry) -> None:
    for action, (label, message) in LOG_ACTIONS.items():
        actions.register_action(action, label, message)


class NoticesMenuItem(MenuItem):
    """Leads to the notices on the site, with how many are unread."""

    def render_component(self, request: HttpRequest) -> Any:
        component = super().render_component(request)
        if unread := count_unread(request.user):
            component.label = f"{component.label} ({unread})"
        return component


@hooks.register("register_admin_menu_item")
def lead_to_notices() -> MenuItem:
    return NoticesMenuItem(
        _("Notices"), reverse_lazy("account_notices"), name="notices", icon_name="mail", order=85
    )


@hooks.register("register_admin_menu_item")
def lead_to_deputies() -> MenuItem:
    return MenuItem(_("My deputies"), reverse_lazy("deputies"), name="deputies", icon_name="group", order=86)


@hooks.register("construct_homepage_panels")
def put_work_first(request: MemberRequest, panels: list[Component]) -> None:
    """Drafts of the reader and reviews are kinds of work; Wagtail's panels of them know neither owners nor the rule of four eyes."""
    shown_as_work = (UserObjectsInWorkflowModerationPanel, WorkflowObjectsToModeratePanel)
    panels[:] = [panel for panel in panels if not isinstance(panel, shown_as_work)]
    panels += [DeputiesPanel(request.user), SecondPersonPanel(request.user), WorkPanel(request.user)]


@hooks.register("register_work")
def register_work() -> Sequence[type[Work]]:
    return WORK


@hooks.register("register_shortcuts")
def register_shortcuts() -> Sequence[Shortcut]:
    return SHORTCUTS


@hooks.register("register_finders")
def register_finders() -> Sequence[type[Finder]]:
    return FINDERS


@hooks.register("register_admin_urls")
def register_home() -> list[URLPattern]:
    return [
        path("work/<slug:name>/", WorkView.as_view(), name="work"),
        path("find/", FindView.as_view(), name="find"),
        path("lists/views/", ListViewsView.as_view(), name="list_views"),
        path("lists/columns/", ListColumnsView.as_view(), name="list_columns"),
        path("hand-over/<int:pk>/", HandOverView.as_view(), name="hand_over"),
        path("deputies/", DeputiesView.as_view(), name="deputies"),
        path("deputies/name/<int:pk>/", NameDeputyView.as_view(), name="name_deputy"),
        path("deputies/end/<int:pk>/", EndDeputyView.as_view(), name="end_deputy"),
    ]


@hooks.register("register_admin_search_area")
def search_everything() -> SearchArea:
    """The first of the areas: the search field of the menu leads there."""
    return SearchArea(_("Everything"), reverse("find"), name="find", icon_name="search", order=1)


# After Wagtail's own hook, which registers its tables.
@hooks.register("register_log_actions", order=100)
def name_creation(actions: LogActionRegistry) -> None:
    """Wagtail's own word means "day of creation" in Arabic, where it heads a column."""
    actions.register_action("wagtail.create", _("Create"), _("Row created"))


@hooks.register("register_log_actions", order=1)
def record_in_audit_trail(actions: LogActionRegistry) -> None:
    actions.register_model(Model, AuditedModelLogEntry)
    actions.register_model(Page, AuditedPageLogEntry)
    # The same tables under their first names: the site history would list every row twice.
    actions.log_entry_models -= {ModelLogEntry, PageLogEntry}
