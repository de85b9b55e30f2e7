"""Finding people as staff type them: any spelling of a name, or a whole national number, mobile number, user name or printed code."""

from contextlib import suppress

from django.db.models import Q, QuerySet

from accounts.enums import ContactKind
from accounts.folding import fold_arabic
from accounts.models import Contact, Person
from accounts.services.identity_documents import find_by_national_id
from accounts.services.national_number import BadNationalNumber
from accounts.services.phones import NotAMobileNumber, normalize_phone
from accounts.services.short_codes import ids_with


def matching(people: QuerySet[Person], typed: str) -> QuerySet[Person]:
    """Those of `people` whom the typed text names."""
    named = Q()
    for word in fold_arabic(typed).split():
        named &= Q(folded_name__contains=word)
    return people.filter(named | exactly(typed))


def exactly(typed: str) -> Q:
    """The people whose user name, mobile number, national number or printed code the typed text is as a whole. One query for a valid number."""
    matches = Q(user__username__iexact=typed.strip())
    if (with_code := ids_with(typed)) is not None:
        matches |= Q(public_id__range=with_code)
    with suppress(NotAMobileNumber):
        number = normalize_phone(typed)
        contacts = Contact.objects.current().filter(kind=ContactKind.PHONE, value=number)
        matches |= Q(pk__in=contacts.values("person")) | Q(user__phone=number)
    with suppress(BadNationalNumber):
        document = find_by_national_id(typed)
        matches |= Q(pk=document and document.person_id)
    return matches
