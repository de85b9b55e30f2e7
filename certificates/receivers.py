"""What certificates answer to facts of their own."""

from collections.abc import Sequence
from typing import Any

from django.dispatch import receiver

from certificates.models import StatusEvent
from certificates.services import note_events
from certificates.signals import credential_status_changed


@receiver(credential_status_changed, dispatch_uid="certificates.note_webhook_deliveries")
def deliveries_noted(events: Sequence[StatusEvent], **_: Any) -> None:
    note_events(events)
