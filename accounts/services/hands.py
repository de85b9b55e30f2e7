"""Notes who is behind a login of staff, until a colleague outside of that compares the identity card."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log
from wagtail.models import ModelLogEntry

from accounts.enums import Act, ContactKind, HandKind
from accounts.errors import DomainError
from accounts.folding import fold_arabic
from accounts.models import Center, Contact, LoginHand, Person, User
from accounts.scoping import may
from accounts.scoping.hands import CardNotCompared, counts_as_hand, hands_of, line_of
from accounts.scoping.reach import reaches_person
from accounts.services.contacts import record_contact
from accounts.services.identity_documents import (
    find_by_identity,
    fingerprint_of,
    is_carried_by,
    register_national_id,
    register_passport,
)
from accounts.services.number_misses import require_few_misses
from accounts.services.people import register_person
from accounts.services.phones import normalize_phone
from accounts.services.unproved import empty_login

# Actions after which the acting user knew a password of the login.
PASSWORD_KNOWN = (
    "accounts.login.create",
    "accounts.login.give_first",
    "accounts.login.reset_password",
    "accounts.recovery.give",
)


class CardOutOfReach(DomainError):
    message = _("You compare cards of colleagues to whom you may give roles.")


class CardComparedAlready(DomainError):
    message = _("A colleague compared this card already.")


class StandsBehindLogin(DomainError):
    message = _(
        "You and this login count as one person: one of you, or one third person, made the other, or gave it a role or a password. "
        "A colleague outside of that compares the card; else the ministry."
    )


class CardDiffers(DomainError):
    message = _("This is not the number that is recorded for this login. Compare it with the card.")


class NumberNotTheirs(DomainError):
    message = _(
        "This login has another mobile number than the colleague: who has that phone could use the login. Type the number again as the colleague "
        "says it; else end the roles of this login, and have one made with the right number."
    )


class PersonOfAnotherLogin(DomainError):
    message = _(
        "The person with this card has a login already, or is registered elsewhere under another name. A person works with one login: "
        "give the role to that one, or ask the ministry."
    )


def note_hand(user: User, kind: HandKind, *, by: User) -> None:
    """Write down that `by` is behind a login from now on, and with them everyone who is behind theirs. Own acts are none."""
    behind = line_of(by) - {by.pk, user.pk}
    if by.pk != user.pk:
        LoginHand.objects.bulk_create(
            [
                LoginHand(login=user, hand=by, kind=kind),
                *(LoginHand(login=user, hand_id=key, kind=HandKind.BEHIND) for key in sorted(behind)),
            ]
        )


def note_makers(user: User) -> None:
    """Note who made a login, or gave its password, since a card was compared: of one that becomes that of staff."""
    card = user.hands.filter(kind=HandKind.CARD).order_by("at").last()
    entries = ModelLogEntry.objects.for_instance(user).filter(action__in=PASSWORD_KNOWN, user__isnull=False)
    if card is not None:
        entries = entries.filter(timestamp__gt=card.at)
    makers = entries.exclude(user__in=line_of(user)).values("user")
    for maker in User.objects.filter(pk__in=makers).order_by("pk"):
        note_hand(user, HandKind.MADE, by=maker)


def note_role(user: User, *, by: User) -> None:
    """Note who gave a role to a login whose card no one compared; of a person who is known it says nothing."""
    note_makers(user)
    if not user.hands.filter(kind=HandKind.CARD).exists():
        note_hand(user, HandKind.ROLE, by=by)


@transaction.atomic
def confirm_card(
    *, user_id: int, number: str, phone: str = "", country: str = "", full_name_ar: str = "", by: User
) -> LoginHand:
    """Note that `by` compared the card of the holder, whose number is typed from it. From now on the login is that person's alone.

    `phone` is what the holder says; nothing is asked of a login without a number. A login that somebody else made has no password any
    more: its holder chooses one by a code to that number. A login from before that names no person gets the one with this card and name;
    `country` is empty for a national number. Raises `CardOutOfReach`, `CardComparedAlready`, `StandsBehindLogin`, `CardNotCompared`,
    `NotAMobileNumber`, `NumberNotTheirs`, `CardDiffers`, `PersonOfAnotherLogin`, `ContactOfAnother`, `NameMissing`, `TooManyMisses`, a `BadNationalNumber`
    or `BadPassportNumber`.
    """
    user = User.objects.select_for_update(of=("self",)).get(pk=user_id)
    note_makers(user)
    _require_outside(user, by)
    if user.phone and normalize_phone(phone) != user.phone:
        raise NumberNotTheirs
    if user.person is None:
        require_few_misses(center=None, by=by, fingerprint=fingerprint_of(number=number, country=country))
        user.person = person_with_card(
            number=number, country=country, full_name_ar=full_name_ar or user.display_name, center=None, by=by
        )
        user.save(update_fields=["person"])
    elif not is_carried_by(user.person, number):
        raise CardDiffers
    _leave_to_holder(user, user.person, by)
    now = timezone.now()
    user.hands.open().update(ended_at=now)
    card = LoginHand.objects.create(login=user, hand=by, kind=HandKind.CARD, at=now)
    log(user, "accounts.login.confirm_card", user=by)
    return card


def _leave_to_holder(user: User, person: Person, by: User) -> None:
    """Who made the login may have opened it first, with a phone of their own. Without a number it would stay closed."""
    if not user.phone:
        return
    if not Contact.objects.current().filter(person=person, kind=ContactKind.PHONE).exists():
        record_contact(person_id=person.pk, kind=ContactKind.PHONE, value=user.phone, by=by)
    if user.was_opened and user.hands.open().filter(kind=HandKind.MADE).exists():
        empty_login(user, by=by)


def person_with_card(
    *, number: str, country: str, full_name_ar: str, center: Center | None, by: User | None
) -> Person:
    """The person with this card, who has no login; registered where there is none on record.

    Raises `PersonOfAnotherLogin`, `NameMissing`, `UnknownCountry`, a `BadNationalNumber` or `BadPassportNumber`.
    """
    document = find_by_identity(number=number, country=country)
    if document is None:
        person = register_person(full_name_ar=full_name_ar, registered_at=center, by=by)
        if country:
            register_passport(person_id=person.pk, number=number, country=country, by=by)
        else:
            register_national_id(person_id=person.pk, number=number, by=by)
        return person
    person = Person.everyone.select_for_update(of=("self",)).get(pk=document.person_id)
    is_named_so = fold_arabic(person.full_name_ar) == fold_arabic(full_name_ar)
    is_within_reach = by is not None and reaches_person(by, person)
    if not (is_named_so and is_within_reach) or User.objects.filter(person=person).exists():
        raise PersonOfAnotherLogin
    return person


def _require_outside(user: User, by: User) -> None:
    if user == by or not may(by, Act.MANAGE_MEMBERS, on=user):
        raise CardOutOfReach
    if not is_to_be_confirmed(user):
        raise CardComparedAlready
    if by.pk in line_of(user) or user.pk in line_of(by) or user.pk in hands_of(by):
        raise StandsBehindLogin
    # Somebody has to be the first where all worked here before.
    if not counts_as_hand(by) and LoginHand.objects.filter(kind=HandKind.CARD).exists():
        raise CardNotCompared


def is_to_be_confirmed(user: User) -> bool:
    """Whether the card waits for somebody to compare it: never compared, or a password was given since. Two queries at the most."""
    return user.hands.open().exists() or not user.hands.filter(kind=HandKind.CARD).exists()
