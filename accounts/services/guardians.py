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


class BirthDateMissing(DomainError):
    message = _(
        "The date of birth is not recorded, so no one knows whether a guardian has to agree. The center records it from the identity card."
    )


def is_minor(birth_date: dt.date | None, today: dt.date) -> bool:
    """False where the birth date is unknown: ask `age_obstacle` whether the person may act alone."""
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
    return isinstance(age_obstacle(person, today), GuardianMissing)


def age_obstacle(person: Person, today: dt.date) -> DomainError | None:
    """Why the person gets no seat and no login yet: under 18, or of unknown age, and no guardian agreed."""
    return age_obstacles([person], today).get(person.pk)


def age_obstacles(people: Iterable[Person], today: dt.date) -> dict[int, DomainError]:
    """The same for many, by their keys, in one query at most."""
    obstacles: dict[int, DomainError] = {}
    for person in people:
        if person.birth_date is None:
            obstacles[person.pk] = BirthDateMissing()
        elif is_minor(person.birth_date, today):
            obstacles[person.pk] = GuardianMissing()
    agreed = Consent.objects.filter(
        person__in=obstacles, person__guardian__isnull=False, purpose=GUARDIAN, withdrawn_at=None
    )
    for pk in agreed.values_list("person", flat=True) if obstacles else ():
        obstacles.pop(pk, None)
    return obstacles
