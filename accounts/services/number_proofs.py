"""Proving one's own number by a code."""

from typing import NamedTuple

from django.db import transaction

from accounts.enums import CodePurpose, ContactKind, ContactProof
from accounts.models import Contact, ContactChallenge, User
from accounts.services.codes import CodeOver, request_code, try_code
from accounts.services.contacts import prove_number_of
from accounts.services.phones import readable_phone


class OwnNumber(NamedTuple):
    """E.164, "" for none; how it is written; whether a code proved it, and whether it is recorded or only logged in with."""

    value: str
    written: str
    is_proved: bool
    is_recorded: bool
    is_shared: bool = False

    @property
    def leads_to_recovery(self) -> bool:
        """Whether proving it would let its holder recover a lost password: a shared one never does."""
        return self.may_be_proved and not self.is_shared

    @property
    def may_be_proved(self) -> bool:
        return bool(self.value) and not self.is_proved


def own_number(user: User) -> OwnNumber:
    """The number by which the holder is reached: the recorded one, else the one of the login. None without a person."""
    if user.person_id is None:
        return OwnNumber("", "", is_proved=False, is_recorded=False)
    contact = Contact.objects.current().filter(person=user.person_id, kind=ContactKind.PHONE).first()
    value = contact.value if contact else user.phone or ""
    is_proved = contact is not None and contact.proved_how == ContactProof.CODE
    return OwnNumber(
        value,
        readable_phone(value),
        is_proved=is_proved,
        is_recorded=contact is not None,
        is_shared=contact is not None and contact.is_shared,
    )


def request_proof(*, by: User, language: str, address: str) -> ContactChallenge:
    """Ask for a code to one's own number. Raises `TooManyCodes`, `CodeOver` where there is nothing to prove."""
    number = own_number(by)
    if not number.may_be_proved:
        raise CodeOver
    return request_code(
        purpose=CodePurpose.VERIFY, number=number.value, language=language, address=address, login=by
    )


def prove_number(*, challenge_id: int, code: str, by: User) -> Contact:
    """Prove one's own number by the code that was sent to it. Raises `WrongCode`, `CodeOver`, `ContactOfAnother`.

    The number has to be one's own still.
    """
    own = ContactChallenge.objects.filter(pk=challenge_id, purpose=CodePurpose.VERIFY, login=by)
    with transaction.atomic():
        tried = try_code(own, code)
        if tried.challenge and by.person_id and own_number(by).value == tried.challenge.value:
            return prove_number_of(person_id=by.person_id, number=tried.challenge.value, by=by)
    raise tried.refusal
