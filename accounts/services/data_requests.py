"""Requests of people about their own data: asked on their page or at a desk, decided by staff with an answer; an erasure by two of them."""

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log
from wagtail.models import ModelLogEntry

from accounts.enums import Act, DataRequestKind, DataRequestState, LoginNoticeKind
from accounts.errors import DomainError
from accounts.models import DataRequest, Person, User
from accounts.scoping import may_everywhere
from accounts.scoping.hands import is_of_one_hand, is_own
from accounts.services.erasing import refusals_to_erase
from accounts.services.erasures import erase_person
from accounts.services.login_notices import notify_holder


class NotAPerson(DomainError):
    message = _("Your login is not tied to a person on record. Ask the center where it was made.")


class AskedAlready(DomainError):
    message = _("You asked for this already. The answer will be shown here.")


class RequestDecided(DomainError):
    message = _("This request has its answer already.")


class AnswerMissing(DomainError):
    message = _("Write the answer: the person reads it.")


class OwnRequest(DomainError):
    message = _("This is your own request. A colleague decides.")


class ErasureIsTheMinistrys(DomainError):
    message = _(
        "The ministry decides about erasure, because records of study and certificates may have to stay."
    )


class NotCorrectedYet(DomainError):
    message = _(
        "Nothing was corrected since this was asked. Correct the record first, or refuse with the reason."
    )


class SecondPersonDecides(DomainError):
    message = _("You decided first. A second person, for whom no one acts here as for you, decides now.")


class RequestNeedsWords(DomainError):
    message = _("Choose what was asked at the desk, and write it down.")


def ask_about_data(*, kind: DataRequestKind | str, text: str, by: User) -> DataRequest:
    """Raises `NotAPerson`, `AskedAlready`."""
    if by.person is None:
        raise NotAPerson
    return _ask(person=by.person, kind=kind, text=text, by=by)


def take_down_request(*, person_id: int, kind: DataRequestKind | str, text: str, by: User) -> DataRequest:
    """What a person asks at the desk. Raises `OwnRequest`, `RequestNeedsWords`, `AskedAlready`."""
    if is_own(by, person_id):
        raise OwnRequest
    if kind not in DataRequestKind or not text.strip():
        raise RequestNeedsWords
    return _ask(person=Person.objects.get(pk=person_id), kind=kind, text=text, by=by, filed_by=by)


@transaction.atomic
def hold(*, person_id: int, reason: str, by: User) -> bool:
    """Forbid to erase anything of the person, for this reason; with none, allow it again. Raises `ErasureIsTheMinistrys`, `OwnRequest`."""
    if not may_everywhere(by, Act.PROTECT_DATA):
        raise ErasureIsTheMinistrys
    if is_own(by, person_id):
        raise OwnRequest
    person = Person.objects.select_for_update(of=("self",)).get(pk=person_id)
    person.legal_hold, before = reason.strip(), person.legal_hold
    person.save(update_fields=["legal_hold"])
    log(person, "accounts.person.hold", user=by, data={"reason": person.legal_hold, "before": before})
    return bool(person.legal_hold)


@transaction.atomic
def decide_data_request(*, request_id: int, is_done: bool, answer: str, by: User) -> DataRequest:
    """Record what was done, or why not; the person is told that there is an answer.

    The first decision to erase only proposes it; the second, of another person, erases. Raises `OwnRequest`, `ErasureIsTheMinistrys`,
    `RequestDecided`, `AnswerMissing`, `NotCorrectedYet` where it is said to be done and is not, `SecondPersonDecides`, and what refuses an
    erasure (`accounts.services.erasing`).
    """
    request = DataRequest.objects.select_for_update(of=("self",)).get(pk=request_id)
    if is_own(by, request.person_id):
        raise OwnRequest
    if request.kind == DataRequestKind.ERASE and not may_everywhere(by, Act.PROTECT_DATA):
        raise ErasureIsTheMinistrys
    if not request.is_undecided:
        raise RequestDecided
    if not answer.strip():
        raise AnswerMissing
    if is_done and request.kind == DataRequestKind.CORRECT:
        _require_corrected(request)
    elif is_done and request.state == DataRequestState.OPEN:
        return _propose(request, answer.strip(), by=by)
    elif is_done:
        if is_of_one_hand(by, [request.proposed_by_id or 0], Act.PROTECT_DATA, on=request.proposed_at):
            raise SecondPersonDecides
        erase_person(person_id=request.person_id, reason=f"accounts.data_request {request.pk}", by=by)
        request.refresh_from_db()
    request.state = DataRequestState.DONE if is_done else DataRequestState.REFUSED
    request.answer, request.decided_by, request.decided_at = answer.strip(), by, timezone.now()
    request.save(update_fields=["state", "answer", "decided_by", "decided_at"])
    log(request, "accounts.data_request.decide", user=by, data={"state": request.state})
    _notify(request)
    return request


@transaction.atomic
def _ask(
    *, person: Person, kind: DataRequestKind | str, text: str, by: User, filed_by: User | None = None
) -> DataRequest:
    try:
        with transaction.atomic():
            request = DataRequest.objects.create(
                person=person, kind=kind, text=text.strip(), filed_by=filed_by
            )
    except IntegrityError as asked:
        raise AskedAlready from asked
    log(request, "accounts.data_request.ask", user=by)
    return request


def _propose(request: DataRequest, answer: str, *, by: User) -> DataRequest:
    """The person is told while there is a login to read it with; the address of the request shows the answer afterwards, too."""
    for refusal in refusals_to_erase(list(Person.everyone.records_of(request.person_id))):
        raise refusal
    request.state, request.answer = DataRequestState.PROPOSED, answer
    request.proposed_by, request.proposed_at = by, timezone.now()
    request.save(update_fields=["state", "answer", "proposed_by", "proposed_at"])
    log(request, "accounts.data_request.propose", user=by)
    _notify(request)
    return request


def _notify(request: DataRequest) -> None:
    if user := User.objects.filter(person=request.person_id, is_active=True).first():
        notify_holder(user=user, kind=LoginNoticeKind.REQUEST_ANSWERED, center=None)


def _require_corrected(request: DataRequest) -> None:
    corrected = ModelLogEntry.objects.for_instance(request.person).filter(
        action="accounts.person.correct", timestamp__gte=request.asked_at
    )
    if not corrected.exists():
        raise NotCorrectedYet
