"""Signal receivers, and the functions that certificates register with courses."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import OuterRef, Q, Subquery
from django.dispatch import receiver
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.enums import Act
from accounts.errors import DomainError
from accounts.models import Person, User
from accounts.scoping import fenced
from accounts.scoping.people import MOST_ROWS, Cell, PersonTable, register_person_table
from accounts.services.formatting import format_date
from accounts.services.personal_data import Row, register_personal_data
from certificates.enums import ProposalState, Status
from certificates.errors import CertificateBeingDecided, CohortHasCertificates
from certificates.models import (
    Collection,
    Credential,
    CredentialType,
    IssuingRule,
    Proceeding,
    Proposal,
    ProposalRow,
    SettledFee,
    StatusEvent,
)
from certificates.services.claims import KINDS
from certificates.services.doubts import doubt_corrected_facts
from certificates.services.notices import create_status_notices
from certificates.services.webhooks import create_deliveries
from certificates.signals import credential_status_changed
from courses.models import Cohort, Enrollment
from courses.queries.closing import register_obstacle
from courses.queries.complaints import register_deciders
from courses.queries.facts import register_facts
from courses.queries.issued_documents import IssuedDocument, register_holders, register_issued_documents
from courses.queries.transfers import register_obstacle_to_transfer
from courses.signals import cohort_facts_corrected


@receiver(credential_status_changed, dispatch_uid="certificates.note_webhook_deliveries")
def create_webhook_deliveries(events: Sequence[StatusEvent], **_kwargs: Any) -> None:
    create_deliveries(events)


@register_facts
def kinds_of_certificates() -> dict[str, Any]:
    """What the kinds are called and the key of the newest rule of each, by the code of the kind."""
    newest = IssuingRule.objects.filter(type=OuterRef("pk")).order_by("-version").values("pk")[:1]
    kinds = CredentialType.objects.annotate(rule=Subquery(newest)).order_by("code")
    return {
        KINDS: {
            code: {"name_ar": arabic, "name_en": english, "rule": rule}
            for code, arabic, english, rule in kinds.values_list("code", "name_ar", "name_en", "rule")
        }
    }


@receiver(credential_status_changed, dispatch_uid="certificates.notify_holders")
def notify_holders(events: Sequence[StatusEvent], **_kwargs: Any) -> None:
    create_status_notices(events)


@receiver(cohort_facts_corrected, dispatch_uid="certificates.doubt_corrected_facts")
def doubt_certificates(cohort: Cohort, changed: Iterable[str], **_kwargs: Any) -> None:
    doubt_corrected_facts(cohort, changed)


@register_deciders
def deciders_of(person: Person) -> set[int]:
    """Who proposed or decided a revocation, or changed the status of a certificate of the person."""
    proceedings = Proceeding.objects.filter(credential__holder=person).values_list("opened_by", "decided_by")
    events = StatusEvent.objects.filter(credential__holder=person).exclude(status=Status.ISSUED)
    return {
        *(key for keys in proceedings for key in keys if key),
        *events.exclude(by=None).values_list("by", flat=True),
    }


@register_obstacle
def certificates_of(cohort: Cohort) -> DomainError | None:
    """The error that keeps a cohort closed: proposals made since its closing depend on its results, unless rejected or taken back."""
    over = (ProposalState.REJECTED, ProposalState.WITHDRAWN)
    proposals = Proposal.objects.filter(cohort=cohort).exclude(state__in=over)
    if cohort.closed_at:
        proposals = proposals.filter(proposed_at__gte=cohort.closed_at)
    return CohortHasCertificates() if proposals.exists() else None


@register_obstacle_to_transfer
def proposal_of(enrollment: Enrollment) -> DomainError | None:
    """The error that keeps an enrollment in its cohort: a proposal of that cohort waits for its decision."""
    waiting = ProposalRow.objects.filter(enrollment=enrollment, proposal__state=ProposalState.PROPOSED)
    return CertificateBeingDecided() if waiting.exists() else None


@register_issued_documents
def certificates_for(enrollment: Enrollment, user: User) -> list[IssuedDocument]:
    """The certificates that were issued for an enrollment, the newest first."""
    issued = Credential.objects.filter(enrollment=enrollment).select_related("type").order_by("-pk")
    return [
        IssuedDocument(
            kind=one.type.name,
            number=one.number,
            state=one.get_state_display(),
            url=reverse("credentials:inspect", args=[one.pk]),
        )
        for one in fenced(issued, user=user, act=Act.VIEW_CERTIFICATES)
    ]


@register_holders
def holders_among(enrollments: Iterable[int]) -> set[int]:
    """Those of the enrollments whose certificate is in force or suspended."""
    live = Credential.objects.live().filter(enrollment__in=enrollments)
    return {key for key in live.values_list("enrollment", flat=True) if key is not None}


@register_person_table
def certificates_of_person(person: Person, user: User) -> PersonTable:
    """What the person holds and held, in whatever cohort or on paper."""
    everywhere = Credential.objects.filter(holder=person)
    visible = fenced(everywhere, user=user, act=Act.VIEW_CERTIFICATES)
    return PersonTable(
        title=_("Certificates"),
        headings=(_("Number"), _("Kind"), _("Issued on"), _("State")),
        rows=[
            (
                Cell(one.number, reverse("credentials:inspect", args=[one.pk])),
                Cell(one.type.name),
                Cell(format_date(one.issued_on)),
                Cell(one.get_state_display()),
            )
            for one in visible.select_related("type").order_by("-pk")[:MOST_ROWS]
        ],
        elsewhere=everywhere.exclude(pk__in=visible.values("pk")).count(),
    )


@register_personal_data("fees_of_certificates")
def fee_rows(person: Person) -> Iterable[Row]:
    named = ("type__code", "due_for", "means", "number", "amount", "paid_on", "reason", "canceled_at")
    own = Q(enrollment__person=person) | Q(credential__holder=person)
    return SettledFee.objects.filter(own).values(*named).iterator()


@register_personal_data("collected_certificates")
def collection_rows(person: Person) -> Iterable[Row]:
    named = ("printout__credential__number", "by_holder", "name", "collected_at", "undone_at")
    return Collection.objects.filter(printout__credential__holder=person).values(*named).iterator()


@register_personal_data("certificates")
def certificate_rows(person: Person) -> Iterable[Row]:
    named = ("type__code", "number", "code", "state", "issued_on", "valid_from", "valid_until", "claims")
    return person.credentials.values(*named).iterator()
