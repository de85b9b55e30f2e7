"""Share links: a holder makes them for some days and can end them at once; anyone with the address can open them."""

import datetime as dt
import secrets
from collections.abc import Collection
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac
from wagtail.log_actions import log

from accounts.models import Person, User
from certificates.enums import LinkResult
from certificates.errors import NoCertificateChosen, NotYours, PassportNotInForce, TooManyLinks
from certificates.models import Credential, LinkOpening, Passport, ShareLink
from certificates.queries.wallet import shown_by
from certificates.services.rate_limits import client_at
from certificates.services.verification import Verification, answers_about

LINK_DAYS = (1, 7, 30)
# More than any holder needs at once; limits what a stolen login can make.
MOST_LINKS = 50
OPENINGS_PER_MINUTE = 30
# Retention of link openings, as of lookups: long enough to see who looked before a dispute.
RETENTION = dt.timedelta(days=365)
_TOKEN_BYTES = 24  # 192 bits, 32 letters in the address


@dataclass(frozen=True)
class CreatedLink:
    """A link and its address, which only this object has."""

    link: ShareLink
    address: str


@dataclass(frozen=True)
class SharedView:
    """The answer of a link: for a live one, the certificates with their status today."""

    result: LinkResult
    link: ShareLink | None = None
    verifications: tuple[Verification, ...] = ()

    @property
    def passport(self) -> Passport | None:
        return self.link.passport if self.link else None


def share_address(token: str) -> str:
    """The address to send: short, and the same in every language."""
    return f"{settings.SITE_URL}/s/{token}"


@transaction.atomic
def make_link(*, holder: Person, credential_ids: Collection[int], days: int, by: User) -> CreatedLink:
    """Make a link to certificates of `holder` that works for `days` days.

    Raises NoCertificateChosen, NotYours or TooManyLinks; ValueError for other days than `LINK_DAYS`.
    """
    if days not in LINK_DAYS:
        raise ValueError(f"a link lasts {LINK_DAYS} days")
    _lock_for_another(holder)
    chosen = list(Credential.objects.filter(pk__in=credential_ids, holder=holder))
    if not credential_ids:
        raise NoCertificateChosen
    if len(chosen) != len(set(credential_ids)) or by.person_id != holder.pk:
        raise NotYours
    made = new_link(holder=holder, expires_at=timezone.now() + dt.timedelta(days=days), by=by)
    made.link.credentials.set(chosen)
    log(made.link, "certificates.link.make", user=by, data={"certificates": [one.number for one in chosen]})
    return made


@transaction.atomic
def make_passport_link(*, passport_id: int, days: int, by: User) -> CreatedLink:
    """Make a further link to a passport, ending with it at the latest.

    Raises NotYours, PassportNotInForce or TooManyLinks; ValueError for other days than `LINK_DAYS`.
    """
    if days not in LINK_DAYS:
        raise ValueError(f"a link lasts {LINK_DAYS} days")
    passport = (
        Passport.objects.select_for_update(of=("self",))
        .select_related("holder", "consent")
        .get(pk=passport_id)
    )
    _lock_for_another(passport.holder)
    if by.person_id != passport.holder_id:
        raise NotYours
    if passport.is_withdrawn or passport.is_expired:
        raise PassportNotInForce
    until = min(timezone.now() + dt.timedelta(days=days), passport.expires_at)
    made = new_link(holder=passport.holder, expires_at=until, by=by, passport=passport)
    log(made.link, "certificates.link.make", user=by, data={"passport": str(passport.public_id)})
    return made


def _lock_for_another(holder: Person) -> None:
    """Lock the holder, so that concurrent requests cannot exceed the limit. Raises TooManyLinks."""
    Person.objects.select_for_update(of=("self",)).get(pk=holder.pk)
    if ShareLink.objects.live().filter(holder=holder).count() >= MOST_LINKS:
        raise TooManyLinks(count=MOST_LINKS)


def new_token() -> str:
    return secrets.token_urlsafe(_TOKEN_BYTES)


def new_link(
    *,
    holder: Person,
    expires_at: dt.datetime,
    by: User,
    passport: Passport | None = None,
    token: str | None = None,
) -> CreatedLink:
    """Write the row of a link. The caller has checked the holder."""
    token = token or new_token()
    link = ShareLink.objects.create(
        holder=holder,
        passport=passport,
        token_hash=_token_hash(token),
        made_at=timezone.now(),
        made_by=by,
        expires_at=expires_at,
    )
    return CreatedLink(link, share_address(token))


@transaction.atomic
def end_link(*, link_id: int, by: User) -> ShareLink:
    """End a link at once. Ended twice, it keeps its first moment. Raises NotYours."""
    link = ShareLink.objects.select_for_update(of=("self",)).get(pk=link_id)
    if by.person_id != link.holder_id:
        raise NotYours
    if link.ended_at is None:
        link.ended_at = timezone.now()
        link.save(update_fields=["ended_at"])
        log(link, "certificates.link.end", user=by)
    return link


def too_many_openings(*, address: str) -> bool:
    """Whether a client opened or guessed more than `OPENINGS_PER_MINUTE` links in the last minute."""
    since = timezone.now() - dt.timedelta(minutes=1)
    recent = LinkOpening.objects.filter(client_hash=_client_hash(address), at__gte=since)
    return recent.count() >= OPENINGS_PER_MINUTE


def follow_link(*, token: str, address: str) -> SharedView:
    """What a link shows today; writes a `LinkOpening`."""
    view = find_link(token=token, address=address)
    if view.result == LinkResult.LIVE:
        _note(view, address)
    return view


def find_link(*, token: str, address: str) -> SharedView:
    """The same for the files of a link, which are opened from its page: only failed attempts are recorded."""
    link = (
        ShareLink.objects.select_related("holder", "passport__consent")
        .filter(token_hash=_token_hash(token))
        .first()
    )
    result = _result_of(link)
    if link is None or result != LinkResult.LIVE:
        view = SharedView(result, link)
        _note(view, address)
        return view
    return SharedView(result, link, tuple(answers_about(shown_by(link))))


def _result_of(link: ShareLink | None) -> LinkResult:
    if link is None:
        return LinkResult.UNKNOWN
    if link.passport and link.passport.is_withdrawn:
        return LinkResult.WITHDRAWN
    if link.ended_at:
        return LinkResult.ENDED
    return LinkResult.EXPIRED if link.expires_at <= timezone.now() else LinkResult.LIVE


def _note(view: SharedView, address: str) -> None:
    LinkOpening.objects.create(
        link=view.link, result=view.result, at=timezone.now(), client_hash=_client_hash(address)
    )


def _token_hash(token: str) -> str:
    return salted_hmac("certificates.share_link", token, algorithm="sha256").hexdigest()


def _client_hash(address: str) -> str:
    """A keyed hash that tells clients apart within one day, without their address and unrelated to the hash in lookups."""
    day_and_address = f"{timezone.localdate()}/{client_at(address)}"
    return salted_hmac("certificates.link_opening", day_and_address, algorithm="sha256").hexdigest()[:32]


def purge_old_openings() -> int:
    """Delete openings, and links that ended, more than `KEPT` ago. Returns how many openings."""
    before = timezone.now() - RETENTION
    deleted, _by_model = LinkOpening.objects.filter(at__lt=before).delete()
    ShareLink.objects.filter(expires_at__lt=before).delete()
    return deleted
