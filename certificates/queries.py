"""Reads about certificates."""

from django.db.models import Exists, OuterRef, QuerySet

from accounts.models import Person
from certificates.enums import ProposalState
from certificates.models import Candidate, Credential, ProposalRow
from courses.models import Cohort


def candidates_of(cohort: Cohort) -> QuerySet[Candidate]:
    """People of a cohort who completed, hold no certificate in force and are in no waiting proposal."""
    held = Credential.objects.filter(enrollment=OuterRef("enrollment"), is_live=True)
    waiting = ProposalRow.objects.filter(
        enrollment=OuterRef("enrollment"), proposal__state=ProposalState.PROPOSED
    )
    return (
        Candidate.objects.filter(~Exists(held), ~Exists(waiting), enrollment__cohort=cohort)
        .select_related("enrollment__person", "eligibility")
        .order_by("enrollment__person__folded_name", "pk")
    )


def credentials_of(person: Person) -> QuerySet[Credential]:
    """The certificates of a person, newest first, with what a list needs."""
    return Credential.objects.filter(enrollment__person=person).select_related("artifact", "render_job")
