"""Skills passports: made under consent, signed and sealed, shown by links, withdrawn."""

import datetime as dt
import hashlib
import logging
import uuid
from collections.abc import Collection
from dataclasses import dataclass
from typing import cast

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import transaction
from django.utils import timezone
from PIL import Image
from wagtail.log_actions import log
from wagtail.models import Site

from accounts.models import Consent, Person, User, VisualIdentity
from accounts.services.consents import give_consent, withdraw_consent
from certificates.drawing import fit_picture
from certificates.enums import KeyRole
from certificates.errors import (
    ConsentMissing,
    DemoKeyRefused,
    KeyRefused,
    NoActiveKey,
    NoCertificateChosen,
    NotYours,
    PassportCannotBePrinted,
    PassportsNotReady,
    TooManyPassports,
)
from certificates.jose import Json
from certificates.models import Credential, Passport, ShareLink
from certificates.openbadges.credential import timestamp
from certificates.passports.content import Entry, passport_content
from certificates.passports.drawing import draw_passport
from certificates.passports.layout import EMBLEM_SIDE, Face, PassportData
from certificates.passports.signed import passport_file, sign_passport
from certificates.queries.keys import active_key
from certificates.queries.wallet import for_passport
from certificates.sealing import Sealer, SealingError, seal
from certificates.services.claims import unprintable
from certificates.services.sealed_pdfs import DEMO_WORDS, verify_url
from certificates.services.sharing import CreatedLink, new_link, new_token, share_address
from certificates.services.signers import pdf_sealer, signer_for
from certificates.services.verification import result_of
from certificates.signer import Signer
from typesetting import TypesettingError
from typesetting.colors import INK, PAPER, readable

logger = logging.getLogger(__name__)

PURPOSE = "skills passport"
# Raise it with every change of the text of templates/certificates/passport_consent.html.
TEXT_VERSION = "2026-11.2"
PASSPORT_DAYS = (30, 90, 365)
MOST_PASSPORTS_A_DAY = 10


@dataclass(frozen=True)
class CreatedPassport:
    """A passport and its own link, whose address is only here and in the QR code of the file."""

    passport: Passport
    link: CreatedLink


@transaction.atomic
def make_passport(
    *, holder: Person, credential_ids: Collection[int], days: int, is_agreed: bool, by: User
) -> CreatedPassport:
    """Summarize chosen certificates in force with their status today, under the holder's consent.

    Drawn at once, not by a worker: its QR code holds a secret that is not stored (ADR 0030). Raises ConsentMissing,
    NoCertificateChosen, NotYours, TooManyPassports, PassportCannotBePrinted or PassportsNotReady; ValueError for other
    days than `PASSPORT_DAYS`.
    """
    if days not in PASSPORT_DAYS:
        raise ValueError(f"a passport lasts {PASSPORT_DAYS} days")
    if by.person_id != holder.pk:
        raise NotYours
    if not is_agreed:
        raise ConsentMissing
    chosen = _chosen(holder, credential_ids)
    signer, sealer = _signers()
    consent = give_consent(person_id=holder.pk, purpose=PURPOSE, text_version=TEXT_VERSION, by=by)
    made_at = timezone.now()
    passport = Passport(
        public_id=uuid.uuid4(),
        holder=holder,
        consent=consent,
        made_by=by,
        made_at=made_at,
        expires_at=made_at + dt.timedelta(days=days),
    )
    passport.claims = _content(passport, chosen)
    passport.token = sign_passport(passport.claims, signer=signer)
    token = new_token()
    pdf = _sealed(passport, token, sealer)
    passport.sha256, passport.size, passport.key_id = _sha256(pdf), len(pdf), sealer.key_id
    name = f"passports/{made_at.year}/{passport.public_id}-{passport.sha256[:16]}.pdf"
    # The file first: a file without a row is purged, a row without a file would be broken.
    passport.path = storages["private"].save(name, ContentFile(pdf))
    passport.save()
    passport.credentials.set(chosen)
    link = new_link(holder=holder, expires_at=passport.expires_at, by=by, passport=passport, token=token)
    numbers = [one.number for one in chosen]
    log(passport, "certificates.passport.make", user=by, data={"certificates": numbers, "days": days})
    return CreatedPassport(passport, link)


@transaction.atomic
def withdraw_passport(*, passport_id: int, by: User) -> Passport:
    """End a passport and every link to it at once. Withdrawn twice, it keeps its first moment. Raises NotYours."""
    passport = Passport.objects.select_for_update(of=("self",)).get(pk=passport_id)
    if by.person_id != passport.holder_id:
        raise NotYours
    if passport.withdrawn_at is None:
        _withdraw([passport], by=by)
    return passport


@transaction.atomic
def withdraw_passport_consent(*, holder: Person, by: User) -> int:
    """Withdraw the consent, and with it every passport and every link to one. Returns how many passports ended.

    Raises NotYours.
    """
    if by.person_id != holder.pk:
        raise NotYours
    passports = Passport.objects.select_for_update(of=("self",)).filter(
        holder=holder, withdrawn_at__isnull=True
    )
    ended = _withdraw(list(passports), by=by)
    withdraw_consent(person_id=holder.pk, purpose=PURPOSE, by=by)
    return ended


def passport_json(passport: Passport) -> bytes:
    """The file for download: content and signed form."""
    return passport_file(passport.claims, passport.token)


def _withdraw(passports: list[Passport], *, by: User) -> int:
    now = timezone.now()
    for passport in passports:
        passport.withdrawn_at = now
        passport.save(update_fields=["withdrawn_at"])
        log(passport, "certificates.passport.withdraw", user=by)
    ShareLink.objects.filter(passport__in=passports, ended_at__isnull=True).update(ended_at=now)
    return len(passports)


def _chosen(holder: Person, credential_ids: Collection[int]) -> list[Credential]:
    Person.objects.select_for_update(of=("self",)).get(pk=holder.pk)
    today = timezone.localdate()
    if Passport.objects.filter(holder=holder, made_at__date=today).count() >= MOST_PASSPORTS_A_DAY:
        raise TooManyPassports(count=MOST_PASSPORTS_A_DAY)
    if not credential_ids:
        raise NoCertificateChosen
    chosen = list(for_passport(holder).filter(pk__in=credential_ids).order_by("-issued_on", "-pk"))
    if len(chosen) != len(set(credential_ids)):
        raise NotYours
    return chosen


def _signers() -> tuple[Signer, Sealer]:
    try:
        # Keys of this role are P-256 (services.keys), which is what signs tokens; the sealing engine knows RSA as well.
        return cast("Signer", signer_for(KeyRole.CREDENTIAL)), pdf_sealer()
    except (NoActiveKey, DemoKeyRefused, KeyRefused, SealingError) as error:
        logger.exception("Skills passports cannot be signed.")
        raise PassportsNotReady from error


def _content(passport: Passport, chosen: list[Credential]) -> Json:
    identity = _identity()
    holder, consent = passport.holder, passport.consent
    return passport_content(
        id_=passport.public_id,
        site_url=settings.SITE_URL,
        issuer={"name_ar": identity.authority_ar, "name_en": identity.authority_en},
        holder={"name_ar": holder.full_name_ar, "name_en": holder.full_name_en},
        consent=_consent_claims(consent),
        made_at=passport.made_at,
        expires_at=passport.expires_at,
        entries=[_entry(credential) for credential in chosen],
    )


def _face() -> Face:
    """The printed parts of the current visual identity."""
    identity = _identity()
    picture, emblem = identity.emblem or identity.logo, b""
    if picture:
        try:
            with picture.file.open("rb") as file:
                emblem = fit_picture(file.read(), width=EMBLEM_SIDE, height=EMBLEM_SIDE)
        except (OSError, Image.DecompressionBombError):
            # An unreadable picture is left out.
            logger.exception("The emblem of the visual identity cannot be read.")
    return Face(
        state_ar=identity.state_ar,
        state_en=identity.state_en,
        accent=readable(identity.accent, on=PAPER, toward=INK),
        signal=identity.signal,
        emblem=emblem,
    )


def _identity() -> VisualIdentity:
    identity: VisualIdentity = VisualIdentity.for_site(Site.objects.get(is_default_site=True))
    return identity


def _consent_claims(consent: Consent) -> dict[str, str]:
    return {
        "purpose": consent.purpose,
        "text_version": consent.text_version,
        "given_at": timestamp(consent.given_at),
    }


def _entry(credential: Credential) -> Entry:
    return Entry(
        kind=credential.kind,
        number=credential.number,
        code=credential.code,
        verify_url=verify_url(credential.code),
        # None in doubt is in a passport.
        standing=result_of(credential, is_in_doubt=False).value,
        issued_on=credential.issued_on,
        valid_from=credential.valid_from,
        valid_until=credential.valid_until,
        claims=credential.claims,
    )


def _sealed(passport: Passport, token: str, sealer: Sealer) -> bytes:
    key = active_key(KeyRole.PDF_SEAL)
    paper = PassportData(
        content=passport.claims,
        file=passport_json(passport),
        share_address=share_address(token),
        seal_size=sealer.size,
        watermark=DEMO_WORDS if key and key.is_demo else "",
        face=_face(),
    )
    try:
        pdf = draw_passport(paper)
    except TypesettingError as error:
        raise PassportCannotBePrinted(why=unprintable(error)[1]) from error
    try:
        return seal(pdf, sealer)
    except SealingError as error:
        logger.exception("The skills passport cannot be sealed.")
        raise PassportsNotReady from error


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
