"""Eligibility: the records of people for whom certificates are proposed."""

from collections.abc import Collection, Iterable, Mapping, Sequence, Set
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.models import IdentityDocument, Person
from accounts.services.formatting import format_list
from certificates.enums import CredentialKind, Source
from certificates.models import Credential, CredentialType, IssuingRule, ProposalRow
from certificates.queries.doubts import certificates_with_supplements, numbers_in_doubt
from certificates.queries.evidence import newest_eligibilities
from certificates.queries.prerequisites import withdrawn_prerequisites
from certificates.queries.proposals import awaiting_a_decision, waiting_rows
from certificates.services.claims import EligibilityData, Study
from courses.models import Cohort, Eligibility, Enrollment
from courses.queries.facts import facts_in_force
from courses.queries.marks import markers_of
from courses.queries.records import records_of
from courses.queries.remarks import held_back

# In a message.
MOST_NAMES = 5


def eligibility_data_in(
    enrollments: Sequence[Enrollment], cohort: Cohort, type_: CredentialType, rule: IssuingRule
) -> Iterable[EligibilityData]:
    """The records of all people of a cohort; the number of queries does not depend on the number of people."""
    people = [enrollment.person for enrollment in enrollments]
    newest = newest_eligibilities(enrollments)
    held = people_where(
        Credential.objects.live().filter(type=type_, enrollment__cohort=cohort), "enrollment_id"
    )
    licensed = _licensed_in_the_trade(people, cohort, type_)
    waiting = people_where(waiting_rows(type_).filter(enrollment__cohort=cohort), "enrollment_id")
    prerequisites: Mapping[int, str] = {}
    if rule.prerequisite_id:
        prerequisites = _prerequisites(rule, people, cohort, CredentialKind(type_.kind))
    elif type_.kind == CredentialKind.SUPPLEMENT:
        prerequisites = _certificates_of(enrollments)
    doubted = numbers_in_doubt(prerequisites.values())
    identities = identities_of(people)
    kept_back = held_back([enrollment.pk for enrollment in enrollments])
    for enrollment in enrollments:
        enrollment.cohort = cohort
    studies = studies_of(enrollments, type_, newest)
    for enrollment in enrollments:
        prerequisite = prerequisites.get(enrollment.person_id, "")
        yield EligibilityData(
            person=enrollment.person,
            enrollment=enrollment,
            eligibility=newest.get(enrollment.pk),
            identity=identities.get(enrollment.person_id),
            has_certificate=enrollment.pk in held or enrollment.person_id in licensed,
            has_other_proposal=enrollment.pk in waiting,
            is_held_back=enrollment.pk in kept_back,
            prerequisite=prerequisite,
            doubted_basis=prerequisite if prerequisite in doubted else "",
            study=studies.get(enrollment.pk),
        )


def _licensed_in_the_trade(people: Sequence[Person], cohort: Cohort, type_: CredentialType) -> set[int]:
    """Those who hold a license of this kind for the trade of the cohort, however they got it: a person holds one for each trade."""
    if type_.kind != CredentialKind.LICENSE:
        return set()
    trade = facts_in_force(cohort).facts
    held = trades_in(Credential.objects.live().filter(type=type_, holder__in=people), "holder_id")
    return {person.pk for person in people if is_among(held, person.pk, trade)}


def _prerequisites(
    rule: IssuingRule, people: Sequence[Person], cohort: Cohort, kind: CredentialKind
) -> Mapping[int, str]:
    """The number of each person's prerequisite certificate: one for this cohort before the newest.

    It is of the trade that the cohort teaches; for a supplement, of the same program. Certificates entered from
    paper name neither, so the officer compares.
    """
    facts = facts_in_force(cohort).facts
    fits = Q(claims__program_code=facts["program_code"]) | Q(source=Source.LEGACY)
    if facts["occupation_code"] and kind != CredentialKind.SUPPLEMENT:
        fits |= Q(claims__occupation_code=facts["occupation_code"])
    valid = Credential.objects.valid_on(timezone.localdate()).filter(
        fits, type=rule.prerequisite_id, holder__in=people
    )
    rows = valid.order_by("issued_on", "pk").values_list("holder_id", "number", "enrollment__cohort")
    newest = {holder: number for holder, number, _ in rows}
    return newest | {holder: number for holder, number, taught in rows if taught == cohort.pk}


def _certificates_of(enrollments: Sequence[Enrollment]) -> Mapping[int, str]:
    """The number of the newest valid certificate of each enrollment, by its person: a supplement belongs to it."""
    valid = certificates_with_supplements().valid_on(timezone.localdate()).filter(enrollment__in=enrollments)
    return dict(valid.order_by("issued_on", "pk").values_list("holder_id", "number"))


def studies_of(
    enrollments: Sequence[Enrollment], type_: CredentialType, newest: Mapping[int, Eligibility]
) -> Mapping[int, Study]:
    """The units that supplements list, by enrollment; empty for other kinds, which do not need the data (law 151/2020)."""
    if type_.kind != CredentialKind.SUPPLEMENT:
        return {}
    records = records_of(enrollments)
    return {
        enrollment.pk: Study(
            records[enrollment.pk],
            newest[enrollment.pk].evidence if enrollment.pk in newest else {},
        )
        for enrollment in enrollments
    }


def people_where(rows: QuerySet[Any], name: str) -> set[int]:
    return set(rows.values_list(name, flat=True))


def assessors_of_rows(rows: Sequence[ProposalRow]) -> list[set[int]]:
    """Logins of who taught and marked for the prerequisite, corrected or renewed certificate of each row, in the order of the rows.

    Rows that are proposed for a cohort name their prerequisite only by its number.
    """
    numbers = {row.claims["basis"] for row in rows if row.claims.get("basis")}
    found = Credential.objects.filter(number__in=numbers).values_list("number", "assessors")
    named = dict(found) if numbers else {}
    return [
        {
            *(
                login
                for old in (row.prerequisite, row.corrects, row.renews)
                if old
                for login in old.assessors
            ),
            *named.get(row.claims.get("basis"), ()),
        }
        for row in rows
    ]


def markers_of_rows(rows: Sequence[ProposalRow]) -> list[set[int]]:
    """Logins of who corrected, recorded or imported marks of the enrollment of each row, or of that of its prerequisite, in the
    order of the rows. One query.
    """
    studied = [
        {
            enrollment
            for enrollment in (row.enrollment_id, row.prerequisite and row.prerequisite.enrollment_id)
            if enrollment
        }
        for row in rows
    ]
    markers = markers_of(set().union(*studied))
    return [{login for enrollment in of_row for login in markers.get(enrollment, ())} for of_row in studied]


def people_marked_by(logins: Set[int], rows: Sequence[ProposalRow], markers: Sequence[set[int]]) -> str:
    """The names of the people of rows whose marks one of `logins` gave (`markers_of_rows`), not more than five; empty where there are none."""
    names = [
        str(row.person) for row, marking in zip(rows, markers, strict=True) if not logins.isdisjoint(marking)
    ]
    return format_list([*names[:MOST_NAMES], "…"] if len(names) > MOST_NAMES else names)


def locked_withdrawn_prerequisites(rows: Iterable[Mapping[str, Any]]) -> set[str]:
    """As `certificates.queries.prerequisites.withdrawn_prerequisites`; the rows are locked until the transaction ends."""
    return withdrawn_prerequisites(rows, from_=Credential.objects.select_for_update(of=("self",)))


def lock_people(people: Iterable[Person]) -> None:
    """Lock these people: concurrent proposals and approvals of their certificates wait, whatever the prerequisite."""
    ids = {person.pk for person in people}
    list(Person.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk").values_list("pk"))


def trades_of(claims: Mapping[str, Any]) -> set[str]:
    """The keys of the trade of claims: occupation (ISCO-08) and program. Claims that share one are of the same trade.

    A program may have got its occupation between two certificates.
    """
    occupation, program = claims.get("occupation_code"), claims.get("program_code")
    return {f"program {program or ''}"} | ({f"occupation {occupation}"} if occupation else set())


def trades_in(rows: QuerySet[Any], person: str) -> set[tuple[int, str]]:
    """The id of the person with the keys of the trade, for each row that has claims; `person` names the column."""
    found = rows.values_list(person, "claims__occupation_code", "claims__program_code")
    return {
        (pk, trade)
        for pk, occupation, program in found
        for trade in trades_of({"occupation_code": occupation, "program_code": program})
    }


def is_among(trades: Collection[tuple[int, str]], person_id: int, claims: Mapping[str, Any]) -> bool:
    """Whether one of the trades of a person is the trade of the claims."""
    return any((person_id, trade) in trades for trade in trades_of(claims))


def identities_of(people: Sequence[Person]) -> Mapping[int, IdentityDocument]:
    """The identity document whose last digits are printed: the national number before a passport."""
    documents = IdentityDocument.objects.filter(person__in=people).order_by("-kind", "-pk")
    return {document.person_id: document for document in documents}


def eligibility_data_of_holders(credentials: Collection[Credential]) -> Mapping[int, EligibilityData]:
    """The record of the holder of each certificate to be replaced, by the id of the certificate. All are of one kind."""
    enrollments = [one.enrollment for one in credentials if one.enrollment]
    newest = newest_eligibilities(enrollments)
    identities = identities_of([one.holder for one in credentials])
    asked = Credential.objects.filter(pk__in=[one.pk for one in credentials])
    studies = studies_of(enrollments, next(iter(credentials)).type, newest)
    waiting = people_where(awaiting_a_decision(asked), "pk")
    return {
        one.pk: EligibilityData(
            person=one.holder,
            enrollment=one.enrollment,
            eligibility=newest.get(one.enrollment_id) if one.enrollment_id else None,
            identity=identities.get(one.holder_id),
            has_other_proposal=one.pk in waiting,
            study=studies.get(one.enrollment_id) if one.enrollment_id else None,
        )
        for one in credentials
    }
