"""What is known about people when certificates are proposed for them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import IdentityDocument, Person
from certificates.enums import RowState
from certificates.models import Credential, CredentialType, IssuingRule, ProposalRow
from certificates.services.facts import Standing
from courses.models import Cohort, Eligibility, Enrollment


def standings_in(
    enrollments: Sequence[Enrollment], cohort: Cohort, type_: CredentialType, rule: IssuingRule
) -> Iterable[Standing]:
    """What is known about everybody of a cohort, in as many questions for one person as for thousands."""
    people = [enrollment.person for enrollment in enrollments]
    evaluated = Eligibility.objects.filter(enrollment__in=enrollments).select_related("rule")
    newest = {one.enrollment_id: one for one in evaluated.order_by("evaluated_at", "pk")}
    held = people_where(
        Credential.objects.live().filter(type=type_, enrollment__cohort=cohort), "enrollment_id"
    )
    waiting = people_where(waiting_rows(type_).filter(enrollment__cohort=cohort), "enrollment_id")
    based: set[int] = set()
    if rule.basis_id:
        valid = Credential.objects.valid_on(timezone.localdate())
        based = people_where(valid.filter(type=rule.basis_id, holder__in=people), "holder_id")
    identities = identities_of(people)
    for enrollment in enrollments:
        enrollment.cohort = cohort
        yield Standing(
            person=enrollment.person,
            enrollment=enrollment,
            eligibility=newest.get(enrollment.pk),
            identity=identities.get(enrollment.person_id),
            holds_one=enrollment.pk in held,
            waits_elsewhere=enrollment.pk in waiting,
            has_basis=enrollment.person_id in based,
        )


def people_where(rows: QuerySet[Any], name: str) -> set[int]:
    return set(rows.values_list(name, flat=True))


def waiting_rows(type_: CredentialType) -> QuerySet[ProposalRow]:
    return ProposalRow.objects.filter(type=type_, state=RowState.ELIGIBLE)


def identities_of(people: Sequence[Person]) -> Mapping[int, IdentityDocument]:
    """The identity document a paper names by its last digits: the national number before a passport."""
    documents = IdentityDocument.objects.filter(person__in=people).order_by("-kind", "-pk")
    return {document.person_id: document for document in documents}


def standing_of_holder(credential: Credential) -> Standing:
    enrollment = credential.enrollment
    return Standing(
        person=credential.holder,
        enrollment=enrollment,
        eligibility=enrollment.eligibilities.select_related("rule").first() if enrollment else None,
        identity=identities_of([credential.holder]).get(credential.holder_id),
    )
