"""Reads about pending proposals, and for their decision."""

from collections.abc import Collection, Iterable

from django.db.models import (
    Exists,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
)

from certificates.enums import (
    RowState,
    Status,
)
from certificates.models import (
    CertificateTemplate,
    CredentialType,
    ProposalRow,
    StatusEvent,
)
from certificates.models.credentials import CredentialQuerySet


def _rows_about_it() -> QuerySet[ProposalRow]:
    """Rows of undecided proposals that would replace the certificate of the query around them."""
    about = Q(renews=OuterRef("pk")) | Q(corrects=OuterRef("pk")) | Q(enrollment=OuterRef("enrollment"))
    return ProposalRow.objects.filter(about, type=OuterRef("type"), state=RowState.ELIGIBLE)


def awaiting_a_decision(credentials: CredentialQuerySet) -> CredentialQuerySet:
    """Those with a pending renewal or correction."""
    return credentials.filter(Exists(_rows_about_it()))


def with_waiting(credentials: CredentialQuerySet) -> CredentialQuerySet:
    """The same certificates, each with `waiting`: the id of the pending proposal, or None."""
    return credentials.annotate(waiting=Subquery(_rows_about_it().values("proposal")[:1]))


def templates_for(kinds: Iterable[str]) -> QuerySet[CertificateTemplate]:
    """Published templates that can print one of the kinds of certificates."""
    return CertificateTemplate.objects.filter(live=True, kinds__overlap=list(kinds))


def revocations_of(people: Collection[int], type_: CredentialType) -> dict[int, list[StatusEvent]]:
    """Why certificates of a kind were revoked, by the ids of their holders, for the officer who decides about the next one."""
    events = StatusEvent.objects.filter(
        status=Status.REVOKED, credential__type=type_, credential__holder__in=people
    )
    found: dict[int, list[StatusEvent]] = {}
    for event in events.select_related("credential").order_by("at", "pk"):
        found.setdefault(event.credential.holder_id, []).append(event)
    return found


def waiting_rows(type_: CredentialType) -> QuerySet[ProposalRow]:
    """Rows of undecided proposals of a kind."""
    return ProposalRow.objects.filter(type=type_, state=RowState.ELIGIBLE)
