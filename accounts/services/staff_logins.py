"""Makes logins of staff: each belongs to a person with a card and a number, and has no password until its holder chooses one."""

from django.db import transaction

from accounts.enums import ContactKind, HandKind
from accounts.models import Center, User
from accounts.services.contacts import record_contact
from accounts.services.hands import note_hand, person_with_card
from accounts.services.logins import create_login


@transaction.atomic
def create_staff_login(
    *,
    full_name_ar: str,
    number: str,
    country: str = "",
    phone: str,
    username: str = "",
    email: str = "",
    language: str = "ar",
    center: Center | None = None,
    by: User | None,
) -> User:
    """Make the login of a new colleague, who chooses the password by a code to `phone` and the number of the card.

    `country` is empty for a national number. A person without a record is registered at `center`. Raises what `person_with_card`,
    `record_contact` and `create_login` raise.
    """
    person = person_with_card(number=number, country=country, full_name_ar=full_name_ar, center=center, by=by)
    user = create_login(username=username, phone=phone, email=email, person=person, language=language, by=by)
    if by is not None:
        note_hand(user, HandKind.MADE, by=by)
    record_contact(person_id=person.pk, kind=ContactKind.PHONE, value=phone, by=by)
    return user
