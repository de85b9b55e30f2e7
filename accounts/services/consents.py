"""The consent ledger: given for a purpose under a version of the text, withdrawn, never deleted."""

from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from accounts.models import Consent, User

PRIVACY = "privacy"
PRIVACY_VERSION = "2026-11"


@transaction.atomic
def give_consent(*, person_id: int, purpose: str, text_version: str, by: User) -> Consent:
    """Record consent; a live consent under the same text stands, one under an older text is superseded."""
    live = (
        Consent.objects.select_for_update(of=("self",))
        .filter(person_id=person_id, purpose=purpose, withdrawn_at__isnull=True)
        .first()
    )
    if live and live.text_version == text_version:
        return live
    now = timezone.now()
    if live:
        live.withdrawn_at = now
        live.save(update_fields=["withdrawn_at"])
    consent = Consent.objects.create(
        person_id=person_id, purpose=purpose, text_version=text_version, given_at=now, given_by=by
    )
    log(consent, "accounts.consent.give", user=by)
    return consent


@transaction.atomic
def withdraw_consent(*, person_id: int, purpose: str, by: User) -> None:
    """Withdraw the live consent for `purpose`, if there is one."""
    live = Consent.objects.select_for_update(of=("self",)).filter(
        person_id=person_id, purpose=purpose, withdrawn_at__isnull=True
    )
    for consent in live:
        consent.withdrawn_at = timezone.now()
        consent.save(update_fields=["withdrawn_at"])
        log(consent, "accounts.consent.withdraw", user=by)
