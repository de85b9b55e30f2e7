"""The consent ledger: given for a purpose under a version of the text, withdrawn, never deleted."""

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import override
from wagtail.log_actions import log
from wagtail.models import Revision

from accounts.models import Consent, User

PRIVACY = "privacy"
# Of the guardian of someone under 18.
GUARDIAN = "guardian"
# What is written where the site has no notice of its own, as in tests.
PRIVACY_VERSION = "2026-11"


@dataclass(frozen=True)
class PrivacyNotice:
    """The text that people agree to when they sign up: a version to read, and the revision that holds the words."""

    version: str
    revision: Revision | None = None
    # Of the page, below the site.
    path: str = ""


_FINDERS: list[Callable[[], PrivacyNotice | None]] = []


def register_privacy_notice(
    find: Callable[[], PrivacyNotice | None],
) -> Callable[[], PrivacyNotice | None]:
    """Ask this query for the notice in the active language. A decorator, for the app that keeps the pages."""
    _FINDERS.append(find)
    return find


def privacy_notice() -> PrivacyNotice:
    """The notice that is online in the active language."""
    found = (find() for find in _FINDERS)
    return next((notice for notice in found if notice), PrivacyNotice(PRIVACY_VERSION))


def is_asked_again(person_id: int) -> bool:
    """Whether the person agreed to an older notice than each that is online now, or withdrew. Who never was asked is not asked by this."""
    consents = Consent.objects.filter(person=person_id, purpose=PRIVACY)
    latest = consents.order_by(F("withdrawn_at").desc(nulls_first=True), "-given_at").first()
    if latest is None or latest.withdrawn_at is not None:
        return latest is not None
    agreed = (latest.text_version, latest.text_revision_id)
    for language, _name in settings.LANGUAGES:
        with override(language):
            notice = privacy_notice()
        if agreed == (notice.version, notice.revision and notice.revision.pk):
            return False
    return True


@transaction.atomic
def give_consent(
    *, person_id: int, purpose: str, text_version: str, by: User, text_revision: Revision | None = None
) -> Consent:
    """Record consent; a live consent under the same text stays, one under an older text is superseded."""
    live = (
        Consent.objects.select_for_update(of=("self",))
        .filter(person_id=person_id, purpose=purpose, withdrawn_at__isnull=True)
        .first()
    )
    if live and (live.text_version, live.text_revision) == (text_version, text_revision):
        return live
    now = timezone.now()
    if live:
        live.withdrawn_at = now
        live.save(update_fields=["withdrawn_at"])
    consent = Consent.objects.create(
        person_id=person_id,
        purpose=purpose,
        text_version=text_version,
        text_revision=text_revision,
        given_at=now,
        given_by=by,
    )
    log(consent, "accounts.consent.give", user=by)
    return consent


def agree_to_privacy_notice(*, person_id: int, by: User, purpose: str = PRIVACY) -> Consent:
    """Record consent to the notice that is online in the active language."""
    notice = privacy_notice()
    return give_consent(
        person_id=person_id,
        purpose=purpose,
        text_version=notice.version,
        text_revision=notice.revision,
        by=by,
    )


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
