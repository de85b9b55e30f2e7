"""People who signed up alone: their name and number are what anybody can type.

They are proved by a code that they typed, by a call at the desk, or by a card that staff compared. Until then their login and their
numbers stand in no one's way; and what staff prove about the person says nothing about who made the login.
"""

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.db.models import Q
from django.utils import timezone
from wagtail.log_actions import log

from accounts.enums import LoginNoticeKind
from accounts.models import Contact, ContactChallenge, Person, User
from accounts.services.login_notices import notify_holder
from accounts.services.sessions import raise_generation


def prove_person(person_id: int, *, by: User | None) -> None:
    """Note, inside the caller's transaction, that somebody proved a card or number of this person.

    Where that was staff, the login has no password, second factor, session or address of before: another person may have made it. The
    desk gives it a first password, or its holder opens it by a code and the number of the card.
    """
    person = Person.objects.select_for_update(of=("self",)).filter(pk=person_id, is_unproved=True).first()
    if person is None:
        return
    person.is_unproved = False
    person.save(update_fields=["is_unproved"])
    _settle_numbers(person)
    user = User.objects.select_for_update(of=("self",)).filter(person=person).first()
    if user is not None and user != by:
        empty_login(user, by=by)


def empty_login(user: User, *, by: User | None) -> None:
    """Take from a locked login everything that opens it, and tell its holder."""
    user.set_password(None)
    # As a login that a list made and no one opened.
    user.last_login = None
    if user.phone or user.username:
        user.email = None
    user.save(update_fields=["password", "password_is_temporary", "last_login", "email"])
    Authenticator.objects.filter(user=user).delete()
    SocialAccount.objects.filter(user=user).delete()
    ContactChallenge.objects.filter(login=user, ended_at=None).update(ended_at=timezone.now())
    raise_generation(user)
    notify_holder(user=user, kind=LoginNoticeKind.EMPTIED, center=None)
    log(user, "accounts.login.empty", user=by)


def _settle_numbers(person: Person) -> None:
    """Numbers typed at sign-up were disputed, so that they hinder no one; they are the person's now where no other proved person has them."""
    for contact in Contact.objects.current().filter(person=person, is_disputed=True):
        others = Contact.objects.current().filter(kind=contact.kind, value=contact.value)
        is_of_another = others.exclude(person=person).exclude(person__is_unproved=True).exists()
        logins = User.objects.filter(Q(**{contact.kind: contact.value}), person__merged_into=None)
        if not (is_of_another or logins.exclude(person=person).exclude(person__is_unproved=True).exists()):
            contact.is_disputed = False
            contact.save(update_fields=["is_disputed"])
