"""What is done with requests for a call: asked for, taken, tried, closed, opened again, deleted.

Each is an event, and a notice on the site to the person; the audit trail has who and when, and neither number nor words.
"""

import datetime as dt
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log

from accounts.enums import Act
from accounts.errors import DomainError
from accounts.models import Center, Person, User
from accounts.scoping import fenced
from accounts.scoping.hands import is_own
from accounts.services.formatting import localize_digits, written_in
from accounts.services.last_errors import LastError
from accounts.services.site_notices import site_notice, write_site_notices
from accounts.services.texts import tidy_line
from courses.enums import CallBackEventKind, CallBackOutcome, CallBackState
from courses.models import CallBack, CallBackEntry, CallBackEvent
from courses.models.call_backs import LONGEST_LINE, MOST_ENTRIES, MOST_TRIES

# Three calls in a minute are one.
BETWEEN_TRIES = dt.timedelta(minutes=10)
ROWS_AT_ONCE = 200


class LineMissing(DomainError):
    message = _("Write in one line what is wrong.")


class EnoughSaid(DomainError):
    message = _("Your request is with the desk already, with all that you wrote. You will be called.")


class NotYourCall(DomainError):
    message = _("This request is no longer yours to answer.")


class CallBackClosed(DomainError):
    message = _("This request is closed. Open it again first.")


class CallBackOpen(DomainError):
    message = _("This request is open, or its sender asked again since.")


class CalledJustNow(DomainError):
    message = _(
        "A call was noted some minutes ago. Try again later, so that somebody has time to come to the phone."
    )


class TriedOftenEnough(DomainError):
    message = _("Three calls were not answered. Close the request as not reached.")


@dataclass(frozen=True)
class Sent:
    """What a page sends with the words of its reader, and shows them: nothing else is kept."""

    page: str = ""
    device: str = ""
    screen: str = ""
    connection: str = ""
    saves_data: bool = False
    language: str = "ar"
    error: LastError | None = None


@transaction.atomic
def ask_for_call(
    *,
    phone: str,
    hours: str,
    text: str,
    sent: Sent,
    person: Person | None,
    center: Center | None,
    by: User | None = None,
) -> CallBackEntry:
    """Ask a desk for a call, or add to what is open there with this number. Raises `LineMissing`, `EnoughSaid`.

    Who is logged in takes over what was asked with the number before the login; no one's words are added to the request of another
    person.
    """
    text = tidy_line(text, longest=LONGEST_LINE)
    if not text:
        raise LineMissing
    call_back, is_new = _open_with(phone=phone, center=center, person=person)
    if call_back.entries.count() >= MOST_ENTRIES:
        raise EnoughSaid
    # A visitor who types the number of a person does not say when that person is called.
    if is_new or person is not None:
        call_back.hours = hours
        call_back.language = person.language if person else sent.language
    if person is not None:
        call_back.person = person
    call_back.save(update_fields=["hours", "language", "person"])
    entry = CallBackEntry.objects.create(
        call_back=call_back,
        text=text,
        is_by_person=person is not None,
        page=sent.page,
        device=sent.device,
        screen=sent.screen,
        connection=sent.connection,
        saves_data=sent.saves_data,
        language=sent.language,
        error_status=sent.error.status if sent.error else None,
        error_number=sent.error.number if sent.error else "",
        error_view=sent.error.view if sent.error else "",
        error_at=sent.error.at if sent.error else None,
    )
    kind = CallBackEventKind.ASKED if is_new else CallBackEventKind.ADDED
    # Not told to the person where a visitor typed the number: it may be somebody else.
    _record(call_back, kind, by=by, is_told=person is not None)
    return entry


def _open_with(*, phone: str, center: Center | None, person: Person | None) -> tuple[CallBack, bool]:
    """The open request of this number at this desk, locked, and whether it is new."""
    here = CallBack.objects.select_for_update(of=("self",)).filter(
        phone=phone, center=center, state=CallBackState.OPEN
    )
    if person is not None:
        found = here.filter(person=person).first() or here.filter(person=None).first()
    else:
        found = here.filter(person=None).first() or here.first()
    if found is not None:
        return found, False
    made = CallBack(phone=phone, center=center, person=person)
    # Two at once: the second one waits here, and finds the row of the first.
    CallBack.objects.bulk_create([made], ignore_conflicts=True)
    row = here.filter(person=person).latest("pk")
    return row, not row.entries.exists()


# By the desk


@transaction.atomic
def take_call_back(*, call_back_id: int, by: User) -> CallBack:
    """Say that one calls. Raises `NotYourCall`, `CallBackClosed`."""
    call_back = _lock_open(call_back_id, by=by)
    call_back.taken_by = by
    call_back.save(update_fields=["taken_by"])
    _record(call_back, CallBackEventKind.TAKEN, by=by)
    return call_back


@transaction.atomic
def note_unanswered_call(*, call_back_id: int, by: User) -> CallBack:
    """Note that no one answered. Raises `NotYourCall`, `CallBackClosed`, `TriedOftenEnough`, `CalledJustNow`."""
    call_back = _lock_open(call_back_id, by=by)
    if call_back.tries >= MOST_TRIES:
        raise TriedOftenEnough
    lately = timezone.now() - BETWEEN_TRIES
    if call_back.events.filter(kind=CallBackEventKind.TRIED, at__gt=lately).exists():
        raise CalledJustNow
    call_back.tries += 1
    call_back.taken_by = by
    call_back.save(update_fields=["tries", "taken_by"])
    _record(call_back, CallBackEventKind.TRIED, by=by, is_told=True)
    return call_back


@transaction.atomic
def close_call_back(*, call_back_id: int, outcome: str, note: str, by: User) -> CallBack:
    """Raises `NotYourCall`, `CallBackClosed`."""
    call_back = _lock_open(call_back_id, by=by)
    call_back.state = CallBackState.CLOSED
    call_back.outcome, call_back.closed_at, call_back.taken_by = outcome, timezone.now(), by
    call_back.save(update_fields=["state", "outcome", "closed_at", "taken_by"])
    _record(
        call_back, CallBackEventKind.CLOSED, by=by, note=tidy_line(note, longest=LONGEST_LINE), is_told=True
    )
    return call_back


@transaction.atomic
def reopen_call_back(*, call_back_id: int, by: User) -> CallBack:
    """Open it again, with three new tries. Raises `NotYourCall`, `CallBackOpen` also where the same number asked since."""
    call_back = _lock(call_back_id, by=by)
    same = CallBack.objects.filter(
        phone=call_back.phone,
        center=call_back.center,
        person=call_back.person,
        state=CallBackState.OPEN,
    )
    if same.exists():
        raise CallBackOpen
    call_back.state, call_back.outcome, call_back.closed_at = CallBackState.OPEN, "", None
    call_back.tries, call_back.taken_by = 0, by
    call_back.save(update_fields=["state", "outcome", "closed_at", "tries", "taken_by"])
    _record(call_back, CallBackEventKind.REOPENED, by=by, is_told=True)
    return call_back


# By tasks


def purge_call_backs() -> int:
    """Delete what was closed `CALL_BACK_KEEP_DAYS` ago, with all that belongs to it. Returns how many."""
    before = timezone.now() - dt.timedelta(days=settings.CALL_BACK_KEEP_DAYS)
    purged = 0
    old = CallBack.objects.filter(closed_at__lte=before).order_by()
    while keys := list(old.values_list("pk", flat=True)[:ROWS_AT_ONCE]):
        CallBack.objects.filter(pk__in=keys).delete()
        purged += len(keys)
    return purged


# How it is done


def _lock(call_back_id: int, *, by: User) -> CallBack:
    rows = CallBack.objects.select_for_update(of=("self",)).select_related("center", "person")
    call_back: CallBack = rows.get(pk=call_back_id)
    # The own request is a colleague's to answer.
    mine = fenced(CallBack.objects.filter(pk=call_back.pk), user=by, act=Act.MANAGE_PEOPLE)
    if is_own(by, call_back.person_id) or not mine.exists():
        raise NotYourCall
    return call_back


def _lock_open(call_back_id: int, *, by: User) -> CallBack:
    call_back = _lock(call_back_id, by=by)
    if not call_back.is_open:
        raise CallBackClosed
    return call_back


def _record(
    call_back: CallBack,
    kind: CallBackEventKind,
    *,
    by: User | None,
    note: str = "",
    is_told: bool = False,
) -> None:
    """Write an event, its row in the audit trail, and for the person a notice on the site."""
    event = CallBackEvent.objects.create(call_back=call_back, kind=kind, by=by, note=note)
    if call_back.outcome:
        log(call_back, f"courses.call_back.{kind}", user=by, data={"outcome": call_back.outcome})
    else:
        log(call_back, f"courses.call_back.{kind}", user=by)
    if is_told and call_back.person is not None:
        _notify(call_back.person, event)


def _notify(person: Person, event: CallBackEvent) -> None:
    call_back = event.call_back
    login = User.objects.filter(person=person).only("language", "digits").first()
    language = login.language if login else person.language
    with translation.override(language), written_in(login.digits if login else ""):
        where = call_back.center.name if call_back.center else gettext("the ministry")
        row = site_notice(
            about=CallBackEvent._meta.label_lower,
            notice_id=event.pk,
            receiver=person,
            language=language,
            subject=localize_digits(gettext("Your request for a call: %(state)s") % {"state": _state(event)}),
            body=localize_digits(_sentence(event) % {"where": where, "tries": call_back.tries}),
            link=reverse("courses:call_back"),
        )
    write_site_notices([row])


def _state(event: CallBackEvent) -> str:
    kind = CallBackEventKind(event.kind)
    if kind in {CallBackEventKind.ASKED, CallBackEventKind.ADDED, CallBackEventKind.REOPENED}:
        return gettext("waiting for a call")
    return str(kind.label)


def _sentence(event: CallBackEvent) -> str:
    """What the notice says; the note is for the desk."""
    match CallBackEventKind(event.kind):
        case CallBackEventKind.ASKED:
            return gettext("%(where)s has your request, and calls you.")
        case CallBackEventKind.ADDED:
            return gettext("What you wrote was added to your request. %(where)s calls you.")
        case CallBackEventKind.TRIED:
            return gettext("%(where)s called you and no one answered: try %(tries)s of 3.")
        case CallBackEventKind.REOPENED:
            return gettext("%(where)s opened your request again, and calls you.")
    return _closing(event.call_back)


def _closing(call_back: CallBack) -> str:
    match call_back.outcome:
        case CallBackOutcome.NOT_REACHED:
            return gettext(
                "%(where)s did not reach you and closed your request. Ask again with a number that you answer."
            )
        case CallBackOutcome.COMPLAINT:
            return gettext("%(where)s closed your request: what you said was entered as a complaint.")
        case CallBackOutcome.PASSED_ON:
            return gettext("%(where)s closed your request: a colleague takes care of it.")
    return gettext("%(where)s closed your request. If something is still wrong, ask again.")
