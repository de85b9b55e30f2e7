"""The rule for the same trade exists twice, in SQL for lists and in Python for decisions; both agree."""

import itertools
import uuid

from django.utils import timezone

from accounts.models import Person
from certificates.models import Credential, CredentialType
from certificates.queries.prerequisites import available_prerequisites
from certificates.services.eligibility import is_among, trades_in
from tests.factories.accounts import PersonFactory
from tests.factories.certificates import credential_type, issued

OCCUPATIONS = (
    {},
    {"occupation_code": None},
    {"occupation_code": ""},
    {"occupation_code": "7411"},
    {"occupation_code": "7126"},
)
PROGRAMS = ({}, {"program_code": ""}, {"program_code": "A"}, {"program_code": "B"})
TRADES = [{**occupation, **program} for occupation in OCCUPATIONS for program in PROGRAMS]


def like(one: Credential, type_: CredentialType, holder: Person, claims: dict[str, str | None]) -> Credential:
    """A row of another person with these facts, as far as a list looks at it."""
    number = uuid.uuid4().hex
    return Credential(
        type=type_,
        kind=type_.kind,
        number=number,
        code=number[:13],
        holder=holder,
        center=one.center,
        proposal=one.proposal,
        claims={"hours": 40, "completed_on": "2026-01-01", **claims},
        design={},
        issued_on=one.issued_on,
        valid_from=one.valid_from,
        proposed_by=one.proposed_by,
        approved_by=one.approved_by,
    )


def test_a_prerequisite_is_listed_if_the_decision_would_allow_its_trade(db: None):
    skill = credential_type("skill-level", identity_document=False)
    license_ = credential_type("licence", completed=False, prerequisite=skill)
    one = issued()
    pairs = list(itertools.product(TRADES, TRADES))
    people = Person.objects.bulk_create(PersonFactory.build(registered_at=one.center) for _pair in pairs)
    Credential.objects.bulk_create(
        row
        for person, (held, prerequisite) in zip(people, pairs, strict=True)
        for row in (like(one, license_, person, held), like(one, skill, person, prerequisite))
    )

    listed = set(
        available_prerequisites(license_, day=timezone.localdate()).values_list("holder_id", flat=True)
    )
    held = trades_in(Credential.objects.filter(type=license_), "holder_id")

    free = {
        person.pk
        for person, (_held, prerequisite) in zip(people, pairs, strict=True)
        if not is_among(held, person.pk, prerequisite)
    }
    assert listed == free
    assert 0 < len(free) < len(pairs)
