"""What holds for a person in tests, who sees it, and who decides about it."""

import datetime as dt
from collections.abc import Iterable, Iterator
from fractions import Fraction

from django.db.models import Exists, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.enums import Act
from accounts.models import Person, User
from accounts.scoping import fenced
from accounts.scoping.people import (
    MOST_ROWS,
    Cell,
    OwnFact,
    PersonTable,
    register_own_fact,
    register_person_table,
)
from accounts.services.field_encryption import decrypt_field
from accounts.services.formatting import format_date, format_list, format_percent, localize_digits
from accounts.services.personal_data import Row, register_personal_data
from assessment.models import Accommodation, AccommodationReason
from courses.enums import EnrollmentState
from courses.models import Enrollment


def accommodation_of(person: Person | int, at: dt.datetime) -> Accommodation | None:
    """What holds for the person at a moment, if anything; also of one that is over. One query."""
    day = timezone.localdate(at)
    return Accommodation.objects.filter(
        Q(until=None) | Q(until__gte=day),
        Q(ended_at=None) | Q(ended_at__gt=at),
        person=person,
        since__lte=day,
        given_at__lte=at,
    ).first()


def factor_of(person: Person | int, at: dt.datetime) -> Fraction:
    """What a time limit of the person is multiplied with (`assessment.deadlines`). One query."""
    found = accommodation_of(person, at)
    return found.exact_factor if found else Fraction(1)


def effects_of(given: Accommodation) -> list[str]:
    """What it gives, in words. Nothing of it says why."""
    effects = []
    if given.factor > 1:
        effects.append(_("%(percent)s more time") % {"percent": format_percent((given.factor - 1) * 100)})
    if given.break_minutes:
        minutes = ngettext(
            "a break of %(minutes)s minute that does not count",
            "breaks of %(minutes)s minutes that do not count",
            given.break_minutes,
        )
        effects.append(localize_digits(minutes % {"minutes": given.break_minutes}))
    if given.has_reader:
        effects.append(_("somebody reads the questions aloud"))
    if given.has_large_text:
        effects.append(_("larger text"))
    return effects


def days_of(given: Accommodation) -> str:
    since, until = format_date(given.since), given.until
    if until is None:
        return _("from %(since)s") % {"since": since}
    return _("from %(since)s until %(until)s") % {"since": since, "until": format_date(until)}


def not_over(person: Person | int) -> QuerySet[Accommodation]:
    """What holds for the person today or will, the first one first."""
    open_ones = Accommodation.objects.filter(person=person, ended_at=None)
    return open_ones.filter(Q(until=None) | Q(until__gte=timezone.localdate())).order_by("since", "pk")


def _learns_within_reach(person: Person | int, user: User, act: Act) -> QuerySet[Enrollment]:
    active = Enrollment.objects.filter(person=person, state=EnrollmentState.ACTIVE)
    return fenced(active, user=user, act=act)


def decided_at(person: Person | int, *, by: User) -> Enrollment | None:
    """The newest enrollment by which `by` decides what holds for the person; None for who does not."""
    within = _learns_within_reach(person, by, Act.MANAGE_PEOPLE)
    return within.order_by("-enrolled_at", "-pk").first()


def seen_by(user: User, *, person: Person | int) -> QuerySet[Accommodation]:
    """What is not over, for staff who see people where the person learns now; nothing for others. One query."""
    return not_over(person).filter(Exists(_learns_within_reach(person, user, Act.VIEW_PEOPLE)))


def reasons_of(given: Iterable[Accommodation]) -> dict[int, str]:
    """Why each was given, as far as it is kept. Only for who decides (`decided_at`), and for the person."""
    rows = AccommodationReason.objects.filter(accommodation__in=[one.pk for one in given])
    return {row.accommodation_id: decrypt_field(bytes(row.given_for_encrypted)) for row in rows}


@register_person_table
def accommodations_of_person(person: Person, user: User) -> PersonTable:
    """What holds in tests now or will, for staff where the person learns."""
    shown = list(seen_by(user, person=person)[:MOST_ROWS])
    seat = decided_at(person, by=user) if shown else None
    address = reverse("accommodation", args=[seat.pk]) if seat and user.person_id != person.pk else ""
    return PersonTable(
        title=gettext_lazy("In tests"),
        headings=(gettext_lazy("what holds"), gettext_lazy("days")),
        rows=[(Cell(format_list(effects_of(one)), address), Cell(days_of(one))) for one in shown],
    )


def facts_for_staff(enrollment: Enrollment, user: User) -> list[OwnFact]:
    """On the page of an enrollment, for staff where the person learns."""
    shown = seen_by(user, person=enrollment.person_id)
    return [OwnFact(_("In tests"), effects_of(one), days_of(one)) for one in shown]


@register_own_fact
def own_accommodations(person: Person) -> Iterator[OwnFact]:
    """What the person has in tests."""
    for one in not_over(person):
        yield OwnFact(_("In tests you have"), effects_of(one), days_of(one))


@register_personal_data("accommodations_in_tests")
def accommodation_rows(person: Person) -> Iterator[Row]:
    """Also why: the law gives people what is kept about them."""
    named = (
        "factor",
        "break_minutes",
        "has_reader",
        "has_large_text",
        "since",
        "until",
        "given_at",
        "ended_at",
    )
    for one in Accommodation.objects.filter(person=person).select_related("reason"):
        why = getattr(one, "reason", None)
        yield {
            **{name: getattr(one, name) for name in named},
            "given_for": _read(why.given_for_encrypted) if why else "",
            "ended_for": _read(why.ended_for_encrypted) if why else "",
        }


def _read(encrypted: bytes | memoryview) -> str:
    return decrypt_field(bytes(encrypted)) if encrypted else ""
