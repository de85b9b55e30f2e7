"""What people have in tests."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.utils import timezone

from accounts.models import Person, User
from accounts.services.field_encryption import encrypt_field
from assessment.models import Accommodation, AccommodationReason
from assessment.services.accommodations import give_accommodation
from tests.factories.accounts import UserFactory

WHY = "شهادة طبية: ضعف بصر"


def accommodated(person: Person, **facts: Any) -> Accommodation:
    """A quarter more time from today on, with the reason, as it is on record."""
    given: Accommodation = Accommodation.objects.create(
        **{
            "person": person,
            "factor": Decimal("1.25"),
            "since": timezone.localdate(),
            "given_by": UserFactory(),
            **facts,
        }
    )
    AccommodationReason.objects.create(accommodation=given, given_for_encrypted=encrypt_field(WHY))
    return given


def give(person: Person, *, by: User, **facts: Any) -> Accommodation:
    """As a registrar gives it."""
    given: dict[str, Any] = {
        "factor": Decimal("1.25"),
        "break_minutes": 10,
        "has_reader": False,
        "has_large_text": False,
        "since": timezone.localdate(),
        "until": timezone.localdate() + dt.timedelta(days=90),
        "reason": WHY,
    }
    return give_accommodation(person_id=person.pk, by=by, **(given | facts))
