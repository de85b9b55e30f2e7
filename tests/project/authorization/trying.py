"""Tries an address as one actor after another, and compares what the site does with what the table says."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from django.http import HttpResponseBase
from django.urls import Resolver404, resolve, reverse
from django.urls.exceptions import NoReverseMatch

from accounts.enums import Act
from tests.project.authorization.actors import Actor
from tests.project.authorization.changes import same_session, trying
from tests.project.authorization.forms import plausible_body
from tests.project.authorization.places import MINISTRY, OF_THE_MINISTRY
from tests.project.authorization.subjects import Subject
from tests.project.authorization.table import Address, Entry, Kind
from tests.widget_scripts import started_in_vain

LOGIN_PAGES = {
    "account_login",
    "wagtailadmin_login",
    "wagtailcore_login",
    "account_reauthenticate",
    "accounts.views.sign_in.staff_login",
}
FOUND, FOUND_NOTHING, FORBIDDEN, SERVER_ERROR, UNAVAILABLE = 302, 404, 403, 500, 503
# Wagtail sends users whom it refuses to its first page.
TURNED_AWAY = {*LOGIN_PAGES, "wagtailadmin_home"}
# One fails to try the reporting of errors; one publishes a film again, and the films of these tests have no files.
FAILS = {"wagtailadmin_error_test", "captions:editor"}
# An invalid body is refused before permissions are checked.
REFUSED_BY_WAGTAIL = {302, 400, 403, 404, 405}


class Answer(NamedTuple):
    """What the site did: `leads_to` is the name of the address that a redirect leads to."""

    status: int
    leads_to: str
    changed: frozenset[str]
    html: str


def path_of(address: Address, subject: Subject) -> str:
    """The path of an address; an unnamed one is its route."""
    try:
        return reverse(str(address), kwargs=subject.kwargs)
    except NoReverseMatch:
        try:
            # Patterns without names take their arguments in order.
            return reverse(str(address), args=list(subject.kwargs.values()))
        except NoReverseMatch:
            return "/" + address.route.replace("^.*/$", "no-such-page/")


def ask(actor: Actor, method: str, path: str, data: Any = None) -> Answer:
    """Send a request and take back what it did."""
    with trying() as trial, same_session(actor.client):
        response = getattr(actor.client, method)(path, data)
        body = _read(response)
    return Answer(response.status_code, _leads_to(response), frozenset(trial.changed), body)


def _read(response: HttpResponseBase) -> str:
    if getattr(response, "streaming", False):
        b"".join(response)  # type: ignore[arg-type] # read to its end, so that a file is closed
        return ""
    is_html = response.get("Content-Type", "").startswith("text/html")
    return response.content.decode() if is_html else ""  # type: ignore[attr-defined]


def _leads_to(response: HttpResponseBase) -> str:
    target = getattr(response, "url", "").split("?")[0]
    if not target:
        return ""
    try:
        match = resolve(target)
    except Resolver404:
        return target
    return match.view_name or target


def expects(actor: Actor, entry: Entry, subject: Subject) -> bool:  # noqa: PLR0911 - one line for each kind
    """Whether the table lets the actor in."""
    match entry.kind:
        case Kind.RULE:
            # Wagtail asks about the kind of row, which is the ministry's.
            is_whole = entry.is_wagtails and entry.label in OF_THE_MINISTRY
            return actor.allowed(entry.label, entry.verb, MINISTRY if is_whole else subject.place)
        case Kind.OWN:
            return any(actor.holds(Act(act), subject.place) for act in entry.acts)
        case Kind.PUBLIC:
            return True
        case Kind.SIGNED_IN:
            return actor.user is not None
        case Kind.STAFF:
            return actor.works_in_admin
        case Kind.SUPERUSER:
            return actor.is_superuser
    return False


def is_refusal(answer: Answer, entry: Entry) -> bool:
    """Whether an answer keeps the actor out and changed nothing."""
    if answer.changed:
        return False
    if answer.status == FOUND_NOTHING or answer.leads_to in LOGIN_PAGES:
        return True
    if entry.is_wagtails or entry.kind is Kind.CLOSED:
        return answer.status in REFUSED_BY_WAGTAIL
    # A view that takes no GET, or no body of this type, refuses it before it looks for a row.
    return answer.status in {401, 405, 415} or (entry.kind is Kind.SIGNED_IN and answer.status == FORBIDDEN)


def is_welcome(answer: Answer, address: Address, entry: Entry, subject: Subject) -> bool:
    """Whether an answer is one to an actor who is let in."""
    if answer.status >= SERVER_ERROR:
        # Without keys nothing is signed.
        return address in FAILS or (entry.kind is Kind.PUBLIC and answer.status == UNAVAILABLE)
    if entry.kind is Kind.RULE and not entry.why:
        # What a page changed may lead back to the first page; a form may want another body than was made up.
        is_led_on = answer.status == FOUND and (answer.leads_to not in TURNED_AWAY or bool(answer.changed))
        return answer.status in {200, 400, 405} or is_led_on
    if entry.kind in {Kind.OWN, Kind.PUBLIC} or (entry.why and entry.kind is Kind.RULE) or subject.kwargs:
        # The state of the row, or arguments that name none, may refuse it all the same.
        return True
    return answer.leads_to not in LOGIN_PAGES


def faults_of(
    address: Address, entry: Entry, subject: Subject, actors: Iterable[Actor], *, whole: bool
) -> tuple[list[str], int]:
    """What the site did against the table, each in a sentence, and how many requests were tried.

    The body that is posted is that of the form which a superuser sees. `whole` also posts as actors who are let in. No other test
    opens every page, so a widget that a page cannot start is a fault here as well.
    """
    path = path_of(address, subject)
    body: dict[str, Any] = {}
    faults, tried = [], 0
    ordered = sorted(actors, key=lambda actor: (not expects(actor, entry, subject), not actor.is_superuser))
    for actor in ordered:
        for method in ("get", "post"):
            is_let_in = expects(actor, entry.sent_by(method), subject)
            if method == "post" and is_let_in and not whole:
                continue
            if method == "post" and entry.kind is Kind.PUBLIC:
                continue
            answer = ask(actor, method, path, body if method == "post" else None)
            tried += 1
            if method == "get" and is_let_in and not body:
                body = plausible_body(answer.html)
            faults += [f"{path} starts {call} without its script" for call in started_in_vain(answer.html)]
            welcome = is_welcome(answer, address, entry, subject)
            if not (welcome if is_let_in else is_refusal(answer, entry)):
                faults.append(_sentence(address, subject, actor, method, answer, is_let_in=is_let_in))
    return faults, tried


def faults_of_holder(
    address: Address, entry: Entry, subject: Subject, others: Iterable[Actor]
) -> tuple[list[str], int]:
    """What the site did against the table for the holder of a row, and for others who send just what the holder sends."""
    visit = subject.visit
    if visit is None:
        return [], 0
    path, faults, tried = path_of(address, subject), [], 1
    holder = Actor("the holder", visit.user)
    answer = ask(holder, visit.method, path, visit.data)
    if answer.status != visit.status:
        faults.append(_sentence(address, subject, holder, visit.method, answer, is_let_in=True))
    for actor in others:
        if not expects(actor, entry, subject):
            tried += 1
            answer = ask(actor, visit.method, path, visit.data)
            if not is_refusal(answer, entry):
                faults.append(_sentence(address, subject, actor, visit.method, answer, is_let_in=False))
    return faults, tried


def _sentence(
    address: Address, subject: Subject, actor: Actor, method: str, answer: Answer, *, is_let_in: bool
) -> str:
    what = f"{method.upper()} {address} of {subject.where or 'no row'} by {actor.name}"
    did = f"{answer.status} {answer.leads_to} {sorted(answer.changed) or ''}".strip()
    return f"{what}: {'allowed' if is_let_in else 'refused'} by the table, answered {did}"
