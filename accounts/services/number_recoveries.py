"""A new password by a code to one's proved number. Everyone who may not use one gets the same answers, and no message."""

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from wagtail.log_actions import log

from accounts.enums import CodePurpose, ContactKind, ContactProof, LoginNoticeKind
from accounts.models import Contact, ContactChallenge, User
from accounts.scoping.reach import works_nowhere
from accounts.scoping.second_factor import second_factors
from accounts.services.codes import CodeOver, just_used, try_code
from accounts.services.contacts import is_of_another
from accounts.services.first_logins import unopened_login
from accounts.services.login_notices import notify_holder
from accounts.services.logins import WeakPassword
from accounts.services.sessions import raise_generation


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


def login_to_open(number: str) -> User | None:
    """Whose password a code to this number may choose: by itself, or the first one together with the identity number."""
    return recoverable_login(number) or unopened_login(number)


def check_recovery_code(*, challenge_id: int, code: str) -> ContactChallenge:
    """Use up the code; `recover_password` or `open_login` takes the challenge for ten minutes. Raises `WrongCode`, `CodeOver`."""
    asked = ContactChallenge.objects.filter(pk=challenge_id, purpose=CodePurpose.RECOVER)
    tried = try_code(asked, code)
    login = login_to_open(tried.challenge.value) if tried.challenge else None
    if tried.challenge is None or login is None or login.pk != tried.challenge.login_id:
        raise tried.refusal
    return tried.challenge


@transaction.atomic
def recover_password(*, challenge_id: int, password: str) -> User:
    """Set the password that its holder chose, end all sessions and tell the holder. Once for each code.

    Raises `CodeOver`, `WeakPassword`.
    """
    challenge = just_used(challenge_id)
    if challenge is None or challenge.login_id is None:
        raise CodeOver
    user = User.objects.select_for_update(of=("self",)).get(pk=challenge.login_id)
    if recoverable_login(challenge.value) != user:
        raise CodeOver
    try:
        validate_password(password, user)
    except ValidationError as weak:
        raise WeakPassword(reasons=" ".join(weak.messages)) from weak
    user.set_password(password)
    user.save(update_fields=["password", "password_is_temporary"])
    raise_generation(user)
    challenge.end()
    notify_holder(user=user, kind=LoginNoticeKind.RECOVERED, center=None)
    log(user, "accounts.login.recover", user=user)
    return user
