"""Why a list is empty and what to do next: a sentence for each list, in one place.

A list whose rows its reader may add has a button for it. The others say where their rows come from, and lead there if the reader
may go. `tests/project/test_empty_lists.py` asks every list for a sentence.
"""

from typing import NamedTuple

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.enums import Act
from accounts.models import User
from accounts.scoping import acts_held


class Next(NamedTuple):
    """Where rows of a list come from, for those who may do `act`."""

    label: str | Promise
    url_name: str
    act: Act


class Reason(NamedTuple):
    why: str | Promise
    next: Next | None = None


class EmptyList(NamedTuple):
    """What an empty list shows: a reason, and a label with an address or none."""

    why: str | Promise
    label: str | Promise = ""
    url: str = ""


# By the name of the list's address. Apps above are named as in `accounts.rule`.
REASONS: dict[str, Reason] = {
    "person:index": Reason(_("No one is registered where you may look.")),
    "data_requests:index": Reason(
        _("No one asks to correct or erase data. Trainees ask on My account; what they ask appears here.")
    ),
    "center:index": Reason(_("There are no centers yet. The ministry opens them.")),
    "membership:index": Reason(_("No one has a role where you give roles.")),
    "role_offers:index": Reason(_("No role is offered. An offer becomes a role when the person accepts it.")),
    "role_requests:index": Reason(
        _("No role that gives roles was asked for. One colleague asks, another one gives it.")
    ),
    "user:index": Reason(_("There are no logins where you give roles.")),
    "lost_passwords:index": Reason(
        _("No one asked for a new password. Ask for one when a trainee comes with the identity card.")
    ),
    "audit:index": Reason(_("Nothing was done yet where you read the audit trail.")),
    "cohort:index": Reason(_("There are no cohorts where you work. The manager of a center opens them.")),
    "enrollment:index": Reason(
        _("No one is enrolled yet. People take seats themselves, or the registrar enrolls them."),
        Next(_("Import a list"), "imports:index", Act.IMPORT_LISTS),
    ),
    "seathold:index": Reason(_("No seat is kept for anybody.")),
    "waitingentry:index": Reason(_("No one waits for a seat. Waiting lists begin when a cohort is full.")),
    "regrade:index": Reason(
        _(
            "No answer key was corrected yet. Begin on the page of a quiz: its menu leads to its questions as they were asked."
        )
    ),
    "appeals:index": Reason(
        _("No trainee appealed against a mark. They do on the page of their result, within seven days.")
    ),
    "imports:index": Reason(_("No list was imported yet. Begin with a sample, fill it in, and upload it.")),
    "announcement:index": Reason(_("No message was written to trainees yet.")),
    "question:index": Reason(_("No question was asked under the lessons of your cohorts.")),
    "bank:index": Reason(
        _(
            "There are no questions yet. Instructors and managers write them; the ministry's appear when it publishes them."
        )
    ),
    "question_imports:index": Reason(
        _("No file of questions was uploaded yet. GIFT, Moodle XML, QTI and tables are read.")
    ),
    "call_backs:index": Reason(_("No one waits for a call. Every page of the site offers one.")),
    "deputy:index": Reason(
        _("No one acts for a colleague where you give roles."),
        Next(_("Name a deputy"), "deputies", Act.VIEW_COHORTS),
    ),
    "complaints:index": Reason(
        _("There is no complaint for you to read. People complain on the site or at the desk."),
        Next(_("Enter a complaint"), "complaint_desk", Act.MANAGE_PEOPLE),
    ),
    "classsession:index": Reason(
        _("No session is planned. They are planned in the workspace of a cohort, one by one or recurring."),
        Next(_("Cohorts"), "cohort:index", Act.VIEW_COHORTS),
    ),
    "venue:index": Reason(_("No room is known yet. Sessions and timetables choose among them.")),
    "completionrule:index": Reason(
        _("There is no rule of completion yet. Without one no trainee of a program completes.")
    ),
    "holiday:index": Reason(_("No holiday is entered. Recurring sessions leave them out.")),
    "skilllevel:index": Reason(_("No level is named yet. Programs and certificates choose among them.")),
    "synonymgroup:index": Reason(
        _("No words are grouped yet. The search of the catalog finds any word of a group.")
    ),
    "livesession:index": Reason(
        _("No live class is planned yet."), Next(_("Cohorts"), "cohort:index", Act.VIEW_COHORTS)
    ),
    "video:index": Reason(_("No video was uploaded yet.")),
    "captions:index": Reason(_("No captions were begun. They are made for a video that is ready.")),
    "media_quota:index": Reason(_("No center has a limit of its own: the one of the site counts.")),
    "transcription:index": Reason(
        _("No draft was asked for. Speech is recognized where the site is set up for it.")
    ),
    "proposals:index": Reason(
        _("No certificate is proposed. A proposal begins with a cohort whose trainees completed.")
    ),
    "credentials:index": Reason(
        _("No certificate was issued yet. One is issued when another person approves a proposal."),
        Next(_("Proposals"), "proposals:index", Act.VIEW_CERTIFICATES),
    ),
    "settled_fees:index": Reason(
        _("No fee was recorded. Receipts are typed on the page of a proposal."),
        Next(_("Proposals"), "proposals:index", Act.VIEW_CERTIFICATES),
    ),
    "printouts:index": Reason(
        _("No printed certificate is recorded. The page of a proposal records what was printed."),
        Next(_("Proposals"), "proposals:index", Act.VIEW_CERTIFICATES),
    ),
    "collected:index": Reason(
        _("No certificate was collected yet. Printed ones that wait are listed apart."),
        Next(_("Printed certificates"), "printouts:index", Act.VIEW_CERTIFICATES),
    ),
    "sheet_deliveries:index": Reason(
        _("No security paper is in stock. The ministry records what a center received.")
    ),
    "sheets:index": Reason(_("No sheet of security paper is in stock where you look.")),
    "legacy_batches:index": Reason(
        _("No batch of paper certificates was entered. A batch begins with its index as a CSV file.")
    ),
    "legacy_papers:index": Reason(
        _("No paper certificate is in the register. They come with batches."),
        Next(_("Paper archive"), "legacy_batches:index", Act.VIEW_CERTIFICATES),
    ),
    "credential_types:index": Reason(_("No kind of certificate is set up yet.")),
    "issuing_rules:index": Reason(
        _("There is no rule of issuing yet. It says when certificates of a kind are issued.")
    ),
    "terms:index": Reason(_("No term is set yet. It says how long certificates of a kind are valid.")),
    "fees:index": Reason(_("No fee is set.")),
    "api_clients:index": Reason(_("No other system has a key for the API of certificates.")),
    "webhooks:index": Reason(_("No other system is told about certificates.")),
    "webhook_deliveries:index": Reason(
        _("Nothing was sent to other systems yet."), Next(_("Webhooks"), "webhooks:index", Act.SET_RULES)
    ),
}


def empty_list(list_name: str, *, user: User, add: tuple[str, str] | None = None) -> EmptyList | None:
    """What the list says where it has no rows at all. `add` is the label and the address of its own form, if the user may open it."""
    reason = REASONS.get(list_name)
    if reason is None:
        return None
    if add:
        return EmptyList(reason.why, *add)
    if reason.next and reason.next.act in acts_held(user):
        return EmptyList(reason.why, reason.next.label, reverse(reason.next.url_name))
    return EmptyList(reason.why)
