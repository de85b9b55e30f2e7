"""Requests of people about their own data: asked on their page, decided by staff with an answer."""

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log
from wagtail.models import ModelLogEntry

from accounts.enums import Act, DataRequestKind, DataRequestState, LoginNoticeKind
from accounts.errors import DomainError
from accounts.models import DataRequest, PersonPhoto, User
from accounts.scoping import may_everywhere
from accounts.scoping.hands import is_own
from accounts.services.erasing import erase_words_of
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


class NotErasedYet(DomainError):
    message = _(
        "The person still has a login, a number, an address or a photo here. Close the login, take out the contacts and remove the photo first, or refuse with the reason."
    )


@transaction.atomic
def ask_about_data(*, kind: DataRequestKind | str, text: str, by: User) -> DataRequest:
    """Raises `NotAPerson`, `AskedAlready`."""
    if by.person is None:
        raise NotAPerson
    try:
        with transaction.atomic():
            request = DataRequest.objects.create(person=by.person, kind=kind, text=text.strip())
    except IntegrityError as asked:
        raise AskedAlready from asked
    log(request, "accounts.data_request.ask", user=by)
    return request


@transaction.atomic
def decide_data_request(*, request_id: int, is_done: bool, answer: str, by: User) -> DataRequest:
    """Record what was done, or why not; the person is told that there is an answer.

    Raises `OwnRequest`, `ErasureIsTheMinistrys`, `RequestDecided`, `AnswerMissing`, and `NotCorrectedYet` or `NotErasedYet` where
    it is said to be done and is not.
    """
    request = DataRequest.objects.select_for_update(of=("self",)).get(pk=request_id)
    if is_own(by, request.person_id):
        raise OwnRequest
    if request.kind == DataRequestKind.ERASE and not may_everywhere(by, Act.MANAGE_PEOPLE):
        raise ErasureIsTheMinistrys
    if request.state != DataRequestState.OPEN:
        raise RequestDecided
    if not answer.strip():
        raise AnswerMissing
    if is_done:
        _require_done(request)
        if request.kind == DataRequestKind.ERASE:
            erase_words_of(request.person, by=by)
    request.state = DataRequestState.DONE if is_done else DataRequestState.REFUSED
    request.answer, request.decided_by, request.decided_at = answer.strip(), by, timezone.now()
    request.save(update_fields=["state", "answer", "decided_by", "decided_at"])
    log(request, "accounts.data_request.decide", user=by, data={"state": request.state})
    if user := User.objects.filter(person=request.person_id, is_active=True).first():
        notify_holder(user=user, kind=LoginNoticeKind.REQUEST_ANSWERED, center=None)
    return request


def _require_done(request: DataRequest) -> None:
    person = request.person
    if request.kind == DataRequestKind.CORRECT:
        corrected = ModelLogEntry.objects.for_instance(person).filter(
            action="accounts.person.correct", timestamp__gte=request.asked_at
        )
        if not corrected.exists():
            raise NotCorrectedYet
    elif (
        User.objects.filter(person=person, is_active=True).exists()
        or person.contacts.current().exists()
        or PersonPhoto.objects.filter(person=person).exists()
    ):
        raise NotErasedYet
