"""Registers the accounts pages of the staff workplace and the words of the audit trail."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.ui.components import Component
from wagtail.log_actions import LogActionRegistry

from accounts.panels import OffersPanel
from accounts.scoping.requests import MemberRequest
from accounts.viewsets import PeopleAndCentersGroup

LOG_ACTIONS = {
    "accounts.person.register": (_("Register"), _("Registered the person")),
    "accounts.person.correct": (_("Correct"), _("Corrected the person")),
    "accounts.identity_document.register": (_("Add document"), _("Added an identity document")),
    "accounts.identity_document.reveal": (_("Reveal number"), _("Revealed an identity number")),
    "accounts.consent.give": (_("Give consent"), _("Gave consent")),
    "accounts.consent.withdraw": (_("Withdraw consent"), _("Withdrew consent")),
    "accounts.login.create": (_("Create login"), _("Created the login")),
    "accounts.login.deactivate": (_("Close login"), _("Closed the login")),
    "accounts.login.reactivate": (_("Open login"), _("Opened the login again")),
    "accounts.login.reset_password": (_("New password"), _("Gave a new password")),
    "accounts.login.end_session": (_("End session"), _("Ended a session")),
    "accounts.login.end_sessions": (_("End sessions"), _("Ended the sessions of the login")),
    "accounts.login.add_factor": (_("Set up second factor"), _("Set up a second factor")),
    "accounts.login.remove_factor": (_("Remove second factor"), _("Removed a second factor")),
    "accounts.login.link_provider": (
        _("Link identity provider"),
        _("Linked the login with the identity provider"),
    ),
    "accounts.login.unlink_provider": (
        _("Unlink identity provider"),
        _("Ended the link with the identity provider"),
    ),
    "accounts.recovery.miss": (
        _("No trainee found"),
        _("Looked for a trainee with a lost password and found none"),
    ),
    "accounts.recovery.ask": (_("Ask for password"), _("Asked for a new password")),
    "accounts.recovery.give": (_("Give password"), _("Gave a new password that a colleague had asked for")),
    "accounts.recovery.refuse": (_("Refuse password"), _("Refused a new password, or took the request back")),
    "accounts.content.assign": (_("Assign content"), _("Decided which center writes the page")),
    "accounts.offer.make": (_("Offer role"), _("Offered a role")),
    "accounts.offer.accept": (_("Accept role"), _("Accepted the offered role")),
    "accounts.offer.decline": (_("Decline role"), _("Declined the offered role")),
    "accounts.offer.withdraw": (_("Take offer back"), _("Took the offered role back")),
    "accounts.membership.give": (_("Give role"), _("Gave the role")),
    "accounts.membership.end": (_("End role"), _("Ended the role")),
}


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


@hooks.register("register_log_actions")
def log_actions(actions: LogActionRegistry) -> None:
    for action, (label, message) in LOG_ACTIONS.items():
        actions.register_action(action, label, message)


@hooks.register("construct_homepage_panels")
def show_offers(request: MemberRequest, panels: list[Component]) -> None:
    panels.append(OffersPanel(request.user))
