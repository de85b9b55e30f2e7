"""Accommodations are given and ended by who decides about them; the audit trail has the effects and never the reason."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from wagtail.log_actions import log

from accounts.models import Person, User
from accounts.scoping.hands import is_own
from accounts.services.erasing import register_eraser
from accounts.services.field_encryption import encrypt_field
from accounts.services.people import OwnRecord
from accounts.services.texts import tidy_line
from assessment.enums import AccommodationNoticeKind
from assessment.errors import (
    AccommodationEnded,
    AccommodationReasonMissing,
    AlreadyGiven,
    BeyondTheMost,
    DaysInThePast,
    NothingGiven,
    NotToDecide,
)
from assessment.models import Accommodation, AccommodationReason
from assessment.models.accommodations import LEAST_FACTOR, MOST_BREAKS, MOST_FACTOR
from assessment.queries.accommodations import decided_at
from assessment.services.accommodation_notices import tell_of_accommodation

LONGEST_REASON = 500


@transaction.atomic
def give_accommodation(
    *,
    person_id: int,
    factor: Decimal,
    break_minutes: int,
    has_reader: bool,
    has_large_text: bool,
    since: dt.date,
    until: dt.date | None,
    reason: str,
    by: User,
) -> Accommodation:
    """From its first day it holds in every center; attempts that run keep what held when they began.

    Raises `OwnRecord`, `NotToDecide`, `NothingGiven`, `BeyondTheMost`, `DaysInThePast`, `AccommodationReasonMissing`, `AlreadyGiven`.
    """
    person = Person.objects.select_for_update(of=("self",), no_key=True).get(pk=person_id)
    _check_who_decides(person, by)
    if factor == LEAST_FACTOR and not (break_minutes or has_reader or has_large_text):
        raise NothingGiven
    if not (LEAST_FACTOR <= factor <= MOST_FACTOR and 0 <= break_minutes <= MOST_BREAKS):
        raise BeyondTheMost(minutes=MOST_BREAKS)
    if since < timezone.localdate() or (until is not None and until < since):
        raise DaysInThePast
    why = _written(reason)
    if _holding(person, since=since, until=until):
        raise AlreadyGiven
    given = Accommodation.objects.create(
        person=person,
        factor=factor,
        break_minutes=break_minutes,
        has_reader=has_reader,
        has_large_text=has_large_text,
        since=since,
        until=until,
        given_by=by,
    )
    AccommodationReason.objects.create(accommodation=given, given_for_encrypted=why)
    tell_of_accommodation(accommodation=given, kind=AccommodationNoticeKind.GIVEN)
    log(given, "assessment.accommodation.give", user=by, title=str(given), data=_effects(given))
    return given


@transaction.atomic
def end_accommodation(*, accommodation_id: int, reason: str, by: User) -> Accommodation:
    """It ends at once; attempts that run keep it.

    Raises `OwnRecord`, `NotToDecide`, `AccommodationEnded`, `AccommodationReasonMissing`.
    """
    given = (
        Accommodation.objects.select_for_update(of=("self",))
        .select_related("person")
        .get(pk=accommodation_id)
    )
    _check_who_decides(given.person, by)
    if given.ended_at is not None:
        raise AccommodationEnded
    why = _written(reason)
    given.ended_at, given.ended_by = timezone.now(), by
    given.save(update_fields=["ended_at", "ended_by"])
    # No row where the reason was erased: then this one is not kept, either.
    AccommodationReason.objects.filter(accommodation=given).update(ended_for_encrypted=why)
    tell_of_accommodation(accommodation=given, kind=AccommodationNoticeKind.ENDED)
    log(given, "assessment.accommodation.end", user=by, title=str(given), data=_effects(given))
    return given


@register_eraser
def erase_reasons(person: Person, by: User | None) -> None:
    """The effects stay: attempts were held by them."""
    erased, _by_model = AccommodationReason.objects.filter(accommodation__person=person).delete()
    if erased:
        log(
            person,
            "assessment.accommodation.erase",
            user=by,
            title=f"#{person.pk}",
            data={"reasons": erased},
        )


def _check_who_decides(person: Person, by: User) -> None:
    if is_own(by, person.pk):
        raise OwnRecord
    if decided_at(person, by=by) is None:
        raise NotToDecide


def _written(reason: str) -> bytes:
    text = tidy_line(reason, longest=LONGEST_REASON)
    if not text:
        raise AccommodationReasonMissing
    return encrypt_field(text)


def _holding(person: Person, *, since: dt.date, until: dt.date | None) -> bool:
    """Whether something else is given for one of these days; the database refuses the same."""
    same_days = Q(until=None) | Q(until__gte=since)
    if until is not None:
        same_days &= Q(since__lte=until)
    return Accommodation.objects.filter(same_days, person=person, ended_at=None).exists()


def _effects(given: Accommodation) -> dict[str, Any]:
    return {
        "factor": str(given.factor),
        "break_minutes": given.break_minutes,
        "has_reader": given.has_reader,
        "has_large_text": given.has_large_text,
        "since": given.since.isoformat(),
        "until": given.until.isoformat() if given.until else None,
    }
