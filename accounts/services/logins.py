"""Makes logins, closes them and helps people back in."""

import datetime as dt
import re
import secrets
import unicodedata

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log

from accounts.digits import latin_digits
from accounts.enums import ContactKind, LoginNoticeKind
from accounts.errors import DomainError
from accounts.folding import SILENT
from accounts.models import Contact, Person, User
from accounts.scoping.hands import is_own
from accounts.scoping.reach import reaches_login, reaches_person, works_nowhere
from accounts.services.consents import agree_to_privacy_notice
from accounts.services.contacts import normalize_email
from accounts.services.guardians import age_obstacle
from accounts.services.lendings import end_lendings_of_login
from accounts.services.login_notices import notify_holder
from accounts.services.names import tidy_name
from accounts.services.people import register_person
from accounts.services.phones import NotAMobileNumber, normalize_phone
from accounts.services.sessions import raise_generation
from accounts.signals import login_closed

# Begins with a letter, so that no user name is somebody's mobile number; no @, so that none is an e-mail address.
USERNAME = re.compile(r"[^\W\d_][\w.\-]{2,59}")
# Letters and digits that are read aloud and typed without confusion.
SPOKEN = "abcdefghjkmnpqrstuvwxyz23456789"


class BadUserName(DomainError):
    message = _("A user name begins with a letter and has 3 to 60 letters, digits, dots or hyphens.")


class NoWayToLogIn(DomainError):
    message = _("Give a user name, a mobile number or an e-mail address.")


class WeakPassword(DomainError):
    # Django has already translated the reasons.
    message = "%(reasons)s"


class SamePassword(DomainError):
    message = _("This is the password that you were given. Choose another one, which only you know.")


class LoginTaken(DomainError):
    message = _("This user name, mobile number, e-mail address or person already has a login.")


class LoginOfMergedRecord(DomainError):
    message = _(
        "This login belongs to a record that was merged into that of “%(person)s”, so it stays closed. Undo the merge first."
    )


class OwnLogin(DomainError):
    message = _("This is your own login. Ask a colleague.")


class PersonOutOfReach(DomainError):
    message = _(
        "This person is registered at another center, or used a seat there. That center makes the login, or the ministry."
    )


class LoginOutOfReach(DomainError):
    message = _(
        "Only the ministry changes this login: its holder works or learns elsewhere, or learns here, or approves certificates. A trainee "
        "who learns here gets a new password by “Lost passwords”."
    )


def normalize_login(text: str) -> str:
    """Bring what people type to log in into the one spelling that is stored: E.164, or lower case.

    A phone in any digits and spacing, a name with invisible marks or full-width letters: one login, and one
    counter of failed attempts.
    """
    try:
        return normalize_phone(text)
    except NotAMobileNumber:
        return normalize_username(text)


def normalize_username(text: str) -> str:
    plain = SILENT.sub("", unicodedata.normalize("NFKC", latin_digits(text)))
    return plain.strip().casefold()


@transaction.atomic
def create_login(
    *,
    username: str = "",
    phone: str = "",
    email: str = "",
    display_name: str = "",
    person: Person | None = None,
    password: str | None = None,
    language: str = "ar",
    by: User | None,
) -> User:
    """Make a login by user name, phone or e-mail. Without a password its holder chooses one, by a code or with help (`accounts.services.recoveries`).

    Raises `NoWayToLogIn`, `BadUserName`, `BadEmail`, `NotAMobileNumber`, `WeakPassword`, `LoginTaken`.
    """
    user = User(
        username=_username(username),
        phone=normalize_phone(phone) if phone.strip() else None,
        email=normalize_email(email) if email.strip() else None,
        display_name=tidy_name(display_name) or (person.name if person else ""),
        person=person,
        language=language,
    )
    if not (user.username or user.phone or user.email):
        raise NoWayToLogIn
    if password is not None:
        _require_strong(password, user)
    user.set_password(password)
    try:
        with transaction.atomic():
            user.save()
    except IntegrityError as taken:
        raise LoginTaken from taken
    if person and person.language != language:
        person.language = language
        person.save(update_fields=["language"])
    log(user, "accounts.login.create", user=by)
    return user


@transaction.atomic
def sign_up(
    *,
    full_name_ar: str,
    birth_date: dt.date,
    phone: str,
    email: str = "",
    password: str,
    language: str = "ar",
) -> User:
    """Register oneself: a person, a trainee's login, and consent to the privacy notice of today in one step.

    Nothing of it is proved. So a number that is known hinders no one, and is answered as an unknown one: the login has a user name, and
    logs in by the number as well. Raises what `register_person` and `create_login` raise.
    """
    number = normalize_phone(phone)
    person = register_person(full_name_ar=full_name_ar, birth_date=birth_date, by=None)
    person.is_unproved = True
    person.save(update_fields=["is_unproved"])
    is_known = (
        Contact.objects.current().filter(value=number).exists() or User.objects.filter(phone=number).exists()
    )
    # Disputed, so that it is never in the way of the person whose number it is.
    Contact.objects.create(person=person, kind=ContactKind.PHONE, value=number, is_disputed=True)
    user = create_login(
        username=_free_username(),
        phone="" if is_known else number,
        email=email,
        display_name=person.full_name_ar,
        person=person,
        password=password,
        language=language,
        by=None,
    )
    agree_to_privacy_notice(person_id=person.pk, by=user)
    return user


@transaction.atomic
def give_first_login(*, person_id: int, by: User, language: str = "ar") -> tuple[User, str]:
    """Make a login for a person who has none; returns it with its temporary password, to be told in person and shown once.

    It logs in by the person's own number where that is free and not shared, else by a user name made of digits after a letter. A login that
    a list made and no one has opened gets its first password in the same way.
    Raises `OwnLogin`, `PersonOutOfReach`, `BirthDateMissing`, `GuardianMissing`, `LoginTaken`.
    """
    person = Person.objects.select_for_update(of=("self",)).get(pk=person_id)
    if is_own(by, person.pk):
        raise OwnLogin
    if not reaches_person(by, person):
        raise PersonOutOfReach
    if obstacle := age_obstacle(person, timezone.localdate()):
        raise obstacle
    user = User.objects.select_for_update(of=("self",)).filter(person=person).first()
    if user is None:
        user = _login_by_own_number(person, language=language, by=by)
    elif not is_to_be_opened(user):
        raise LoginTaken
    else:
        log(user, "accounts.login.give_first", user=by)
    password = generate_password()
    user.set_temporary_password(password)
    user.save(update_fields=["password", "password_is_temporary"])
    return user, password


def is_to_be_opened(user: User) -> bool:
    """Whether it is a trainee's that a list made, and no one has opened it."""
    return user.is_active and not user.was_opened and works_nowhere(user)


@transaction.atomic
def choose_password(*, password: str, by: User) -> User:
    """Replace one's own temporary password; returns the login as it is now. Raises `SamePassword`, `WeakPassword`."""
    user = User.objects.select_for_update(of=("self",)).get(pk=by.pk)
    if user.check_password(password):
        raise SamePassword
    _require_strong(password, user)
    user.set_password(password)
    user.save(update_fields=["password", "password_is_temporary"])
    log(user, "accounts.login.choose_password", user=by)
    return user


@transaction.atomic
def deactivate_login(*, user_id: int, reason: str, by: User) -> User:
    """Close a login. Its sessions end with their next request, and stay ended when it is opened again. Sends `login_closed`.

    Raises `OwnLogin`, `LoginOutOfReach`.
    """
    user = lock_within_reach(user_id, by=by)
    user.is_active = False
    user.save(update_fields=["is_active"])
    raise_generation(user)
    log(user, "accounts.login.deactivate", user=by, data={"reason": reason})
    end_lendings_of_login(user, reason=reason, by=by)
    login_closed.send(sender=User, user=user)
    return user


@transaction.atomic
def reactivate_login(*, user_id: int, reason: str, by: User) -> User:
    """Open a closed login again. Raises `OwnLogin`, `LoginOutOfReach`, `LoginOfMergedRecord`."""
    user = lock_within_reach(user_id, by=by)
    if user.person and user.person.merged_into:
        raise LoginOfMergedRecord(person=str(user.person.merged_into))
    user.is_active = True
    user.save(update_fields=["is_active"])
    log(user, "accounts.login.reactivate", user=by, data={"reason": reason})
    return user


@transaction.atomic
def end_all_sessions(*, user_id: int, reason: str, by: User) -> User:
    """End every session of another login; its holder is told. Raises `OwnLogin`, `LoginOutOfReach`."""
    user = lock_within_reach(user_id, by=by)
    raise_generation(user)
    notify_holder(user=user, kind=LoginNoticeKind.SESSIONS_ENDED, center=None)
    log(user, "accounts.login.end_sessions", user=by, data={"reason": reason})
    return user


def _login_by_own_number(person: Person, *, language: str, by: User) -> User:
    numbers = Contact.objects.current().filter(person=person, kind=ContactKind.PHONE)
    own = numbers.filter(is_shared=False, is_disputed=False).first()
    phone = own.value if own and not User.objects.filter(phone=own.value).exists() else ""
    return create_login(
        username="" if phone else _free_username(), phone=phone, person=person, language=language, by=by
    )


def _free_username() -> str:
    """A letter and eight digits: typed on any keyboard, and not guessed from another one."""
    while User.objects.filter(username=(name := f"m{secrets.randbelow(10**8):08}")).exists():
        pass
    return name


def generate_password() -> str:
    """Twelve letters and digits in three parts: 59 bits, read aloud without confusion."""
    return "-".join("".join(secrets.choice(SPOKEN) for _letter in range(4)) for _part in range(3))


def lock_within_reach(user_id: int, *, by: User) -> User:
    """Lock a login that `by` may close, open or give a new password (`accounts.scoping.reach`).

    Raises `OwnLogin`, `LoginOutOfReach`.
    """
    user = User.objects.select_for_update(of=("self",)).get(pk=user_id)
    if user == by:
        raise OwnLogin
    if not reaches_login(by, user):
        raise LoginOutOfReach
    return user


def _username(text: str) -> str | None:
    name = normalize_username(text)
    if name and not USERNAME.fullmatch(name):
        raise BadUserName
    return name or None


def _require_strong(password: str, user: User) -> None:
    try:
        validate_password(password, user)
    except ValidationError as weak:
        raise WeakPassword(reasons=" ".join(weak.messages)) from weak
