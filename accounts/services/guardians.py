"""Guardians, who agree for people under 18 (child law 12/1996, article 2; data-protection law 151/2020)."""

import datetime as dt
from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.errors import DomainError
from accounts.models import Consent, Person, User
from accounts.services.consents import GUARDIAN, agree_to_privacy_notice
from accounts.services.people import correct_person

OF_AGE = 18


class GuardianTooYoung(DomainError):
    message = _("The guardian is under 18. Record the father, the mother or the legal guardian.")


class GuardianMissing(DomainError):
    message = _(
        "This person is under 18. Record the guardian and the guardian's consent at the front desk first."
    )


def is_minor(birth_date: dt.date | None, today: dt.date) -> bool:
    """False where the birth date is unknown."""
    if birth_date is None:
        return False
    # Who was born on 29 February comes of age on 1 March.
    return (today.year - OF_AGE, today.month, today.day) < (birth_date.year, birth_date.month, birth_date.day)


@transaction.atomic
def record_guardian(*, person_id: int, guardian: Person, by: User) -> Consent:
    """Tie a minor to the guardian, who agrees to the privacy notice of today. Raises `GuardianTooYoung`, `OwnGuardian`."""
    if is_minor(guardian.birth_date, timezone.localdate()):
        raise GuardianTooYoung
    correct_person(person_id=person_id, guardian=guardian, by=by)
    return agree_to_privacy_notice(person_id=person_id, purpose=GUARDIAN, by=by)


def lacks_guardian(person: Person, today: dt.date) -> bool:
    """Whether the person is a minor for whom no guardian agreed."""
    agreed = Consent.objects.filter(person=person, purpose=GUARDIAN, withdrawn_at=None)
    return is_minor(person.birth_date, today) and (person.guardian_id is None or not agreed.exists())


def without_guardian(people: Iterable[Person], today: dt.date) -> set[int]:
    """The keys of those who are minors and for whom no guardian agreed, in one query."""
    minors = {person.pk: person for person in people if is_minor(person.birth_date, today)}
    agreed = Consent.objects.filter(person__in=minors, purpose=GUARDIAN, withdrawn_at=None)
    agreed_for = set(agreed.values_list("person", flat=True)) if minors else set()
    return {pk for pk, person in minors.items() if person.guardian_id is None or pk not in agreed_for}
