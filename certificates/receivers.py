"""What certificates answer to facts of their own, and to a question of the app below."""

from collections.abc import Sequence
from typing import Any

from django.dispatch import receiver

from accounts.errors import DomainError
from certificates.enums import ProposalState
from certificates.errors import CohortHasCertificates
from certificates.models import Proposal, StatusEvent
from certificates.services import note_events
from certificates.signals import credential_status_changed
from courses.models import Cohort
from courses.queries import register_obstacle


@receiver(credential_status_changed, dispatch_uid="certificates.note_webhook_deliveries")
def deliveries_noted(events: Sequence[StatusEvent], **_: Any) -> None:
    note_events(events)


@register_obstacle
def certificates_of(cohort: Cohort) -> DomainError | None:
    """What was proposed since the cohort was closed rests on how its enrollments ended; what was rejected does not."""
    proposals = Proposal.objects.filter(cohort=cohort).exclude(state=ProposalState.REJECTED)
    if cohort.closed_at:
        proposals = proposals.filter(proposed_at__gte=cohort.closed_at)
    return CohortHasCertificates() if proposals.exists() else None
