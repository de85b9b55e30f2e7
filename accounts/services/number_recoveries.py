"""A new password by a code to one's proved number. Everyone who may not use one gets the same answers, and no message."""

import datetime as dt

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from accounts.enums import CodePurpose, ContactKind, ContactProof, LoginNoticeKind
from accounts.models import Contact, ContactChallenge, User
from accounts.scoping.reach import works_nowhere
from accounts.scoping.second_factor import second_factors
from accounts.services.codes import CodeOver, try_code
from accounts.services.contacts import is_of_another
from accounts.services.login_notices import notify_holder
from accounts.services.logins import WeakPassword
from accounts.services.sessions import raise_generation

# From the right code to the new password.
CHOOSE_WITHIN = dt.timedelta(minutes=10)


def recoverable_login(number: str) -> User | None:
    """The login that a code to this number may open: of a trainee whose proved number it is, and of no one else.

    None for logins with a role or a second factor, and for a number that is shared, disputed, or logged in with by another
    person: who answers there is not known. Only a code that the holder typed proves it: a number that one member of staff wrote
    would let that one into the account.
    """
    own = Contact.objects.current().filter(kind=ContactKind.PHONE, value=number, proved_how=ContactProof.CODE)
    contact = own.filter(is_shared=False, is_disputed=False).first()
    if contact is None or is_of_another(person_id=contact.person_id, kind=ContactKind.PHONE, value=number):
        return None
    user = User.objects.filter(person=contact.person_id, is_active=True).first()
    if user is None or not works_nowhere(user) or second_factors(user).exists():
        return None
    return user


def check_recovery_code(*, challenge_id: int, code: str) -> ContactChallenge:
    """Use up the code; `recover_password` takes the challenge for ten minutes. Raises `WrongCode`, `CodeOver`."""
    asked = ContactChallenge.objects.filter(pk=challenge_id, purpose=CodePurpose.RECOVER)
    tried = try_code(asked, code)
    if tried.challenge is None or not _may_recover(tried.challenge):
        raise tried.refusal
    return tried.challenge


@transaction.atomic
def recover_password(*, challenge_id: int, password: str) -> User:
    """Set the password that its holder chose, end all sessions and tell the holder. Once for each code.

    Raises `CodeOver`, `WeakPassword`.
    """
    checked = ContactChallenge.objects.select_for_update(of=("self",)).filter(
        pk=challenge_id, purpose=CodePurpose.RECOVER, ended_at=None
    )
    challenge = checked.filter(used_at__gt=timezone.now() - CHOOSE_WITHIN).first()
    if challenge is None or challenge.login_id is None:
        raise CodeOver
    user = User.objects.select_for_update(of=("self",)).get(pk=challenge.login_id)
    if not _may_recover(challenge):
        raise CodeOver
    try:
        validate_password(password, user)
    except ValidationError as weak:
        raise WeakPassword(reasons=" ".join(weak.messages)) from weak
    user.set_password(password)
    user.save(update_fields=["password", "password_is_temporary"])
    raise_generation(user)
    challenge.ended_at = timezone.now()
    challenge.save(update_fields=["ended_at"])
    notify_holder(user=user, kind=LoginNoticeKind.RECOVERED, center=None)
    log(user, "accounts.login.recover", user=user)
    return user


def _may_recover(challenge: ContactChallenge) -> bool:
    """Whether the number leads to the login that the code was made for, still."""
    login = recoverable_login(challenge.value)
    return login is not None and login.pk == challenge.login_id
