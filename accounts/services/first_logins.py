"""Logins that a list made for trainees, or a colleague for staff: without a password, and opened by a code and the number of the identity card, or at the desk.

What such a login opens is little, and its number was proved by no one: a list may be wrong by a digit or by a line. So a code alone
opens none of them.
"""

from collections.abc import Mapping

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log

from accounts.enums import ContactKind
from accounts.errors import DomainError
from accounts.models import AuditedModelLogEntry, Contact, ContactChallenge, Person, User
from accounts.models.challenges import MOST_TRIES
from accounts.scoping.reach import is_learner, is_tied_elsewhere, works_nowhere
from accounts.services.codes import CodeOver, just_used
from accounts.services.consents import agree_to_privacy_notice
from accounts.services.contacts import is_of_another, prove_number_of
from accounts.services.guardians import age_obstacle
from accounts.services.identity_documents import is_carried_by
from accounts.services.logins import WeakPassword


class WrongIdentityNumber(DomainError):
    message = _(
        "This is not the number that your center has. Compare it with your card, or go to the center with it."
    )


@transaction.atomic
def make_logins(phones: Mapping[Person, str], *, by: User, source: str) -> list[User]:
    """Make a login without a password for each person, by their own number (E.164), which no login has. `source` is for the audit trail.

    Raises `IntegrityError` where a number or a person got a login meanwhile: then none is made.
    """
    users = [User(phone=phone, display_name=person.name, person=person) for person, phone in phones.items()]
    for user in users:
        user.set_password(None)
    User.objects.bulk_create(users)
    AuditedModelLogEntry.objects.log_many(
        [
            (user, {"source": source}, (user.person.registered_at_id, user.person_id))
            for user in users
            if user.person
        ],
        "accounts.login.create",
        user=by,
    )
    return users


def unopened_login(number: str) -> User | None:
    """The login without a password that a code to this number, with the identity number of its person, may open.

    Only where the number is this person's alone and the login logs in by it; where a trainee is registered at the center that wrote the
    number and used no seat of another one; where a document is on record; and where the person is of age, or a guardian agreed.
    """
    own = Contact.objects.current().filter(kind=ContactKind.PHONE, value=number)
    contact = own.filter(is_shared=False, is_disputed=False).select_related("person").first()
    if contact is None or is_of_another(person_id=contact.person_id, kind=ContactKind.PHONE, value=number):
        return None
    user = User.objects.filter(person=contact.person_id, phone=number, is_active=True).first()
    person = contact.person
    if user is None or user.was_opened or user.is_superuser:
        return None
    # Of a colleague, who was made one and learns nowhere, a second person compares the card (`accounts.services.hands`).
    is_of_staff = user.hands.exists() and not is_learner(user)
    if not is_of_staff and (not works_nowhere(user) or is_tied_elsewhere(person)):
        return None
    return user if person.documents.exists() and age_obstacle(person, timezone.localdate()) is None else None


def asks_for_identity(challenge_id: int) -> bool:
    """Whether the code was for a login that has no password yet."""
    challenge = ContactChallenge.objects.filter(pk=challenge_id).select_related("login").first()
    return challenge is not None and challenge.login is not None and not challenge.login.was_opened


def open_login(*, challenge_id: int, identity_number: str, password: str) -> User:
    """Set the first password, with the code typed before and the number of the identity card; note consent and that the number is proved.

    Five tries for code and number together. Raises `CodeOver`, `WeakPassword`, `WrongIdentityNumber`.
    """
    # The refusal of a wrong number is raised outside, so that the try is counted.
    with transaction.atomic():
        opened = _opened(challenge_id, identity_number, password)
    if isinstance(opened, DomainError):
        raise opened
    return opened


def _opened(challenge_id: int, identity_number: str, password: str) -> User | DomainError:
    challenge = just_used(challenge_id)
    if challenge is None or challenge.login_id is None:
        return CodeOver()
    user = User.objects.select_for_update(of=("self",)).select_related("person").get(pk=challenge.login_id)
    if unopened_login(challenge.value) != user or user.person is None:
        return CodeOver()
    try:
        validate_password(password, user)
    except ValidationError as weak:
        return WeakPassword(reasons=" ".join(weak.messages))
    if not is_carried_by(user.person, identity_number):
        return _missed(challenge)
    user.set_password(password)
    user.save(update_fields=["password", "password_is_temporary"])
    challenge.end()
    prove_number_of(person_id=user.person.pk, number=challenge.value, by=user)
    agree_to_privacy_notice(person_id=user.person.pk, by=user)
    log(user, "accounts.login.open", user=user)
    return user


def _missed(challenge: ContactChallenge) -> DomainError:
    challenge.tries = min(challenge.tries + 1, MOST_TRIES)
    challenge.save(update_fields=["tries"])
    if challenge.tries < MOST_TRIES:
        return WrongIdentityNumber()
    challenge.end()
    return CodeOver()
