"""Template filters of the wallet: the state of a certificate and of a share link, for their holder."""

import datetime as dt
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django import template
from django.template.defaultfilters import date as format_date
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from certificates.enums import LookupResult, Source
from certificates.models import Credential, Term
from certificates.services.sealed_pdfs import verify_url
from certificates.services.verification import Verification, verification_of

register = template.Library()

_STANDING = {
    LookupResult.VALID: gettext_lazy("In force, without an end."),
    LookupResult.IN_DOUBT: gettext_lazy(
        "In force, and the ministry is checking it. Your center can tell you more."
    ),
}


def _verification_of(credential: Credential) -> Verification:
    """That of the whole page (`certificates.views.wallet.mine`), where it was read."""
    known: Verification | None = getattr(credential, "verification", None)
    return known or verification_of(credential)


@register.filter
def status_sentence(credential: Credential) -> str:
    """The status of a certificate and its date, as a sentence for its holder."""
    answer = _verification_of(credential)
    day = format_date(timezone.localtime(answer.ended.at), "DATE_FORMAT") if answer.ended else ""
    reason = answer.ended.get_reason_display() if answer.ended else ""
    match answer.result:
        case LookupResult.VALID if credential.valid_until:
            until = format_date(credential.valid_until, "DATE_FORMAT")
            return _("In force until %(day)s.") % {"day": until}
        case LookupResult.VALID | LookupResult.IN_DOUBT as result:
            return str(_STANDING[result])
        case LookupResult.EXPIRED:
            until = format_date(credential.valid_until, "DATE_FORMAT")
            return _("Expired: it was valid until %(day)s.") % {"day": until}
        case LookupResult.SUSPENDED:
            return _("Suspended since %(day)s: %(reason)s. Your center can tell you what to do.") % {
                "day": day,
                "reason": reason,
            }
        case LookupResult.REVOKED:
            return _("Revoked on %(day)s: %(reason)s.") % {"day": day, "reason": reason}
    return _("Replaced on %(day)s.") % {"day": day}


@register.filter
def is_shown_to_others(credential: Credential) -> bool:
    """Whether it is valid today."""
    return _verification_of(credential).result is LookupResult.VALID


@register.filter
def public_address(credential: Credential) -> str:
    """The address of its verification page, as in the short QR code."""
    return verify_url(credential.code)


@register.filter
def linkedin_address(credential: Credential) -> str:
    """The form of LinkedIn that adds a certificate to a profile, filled in, in the language of the page."""
    claims, language = credential.claims, get_language() or "ar"

    def said(of: Mapping[str, Any], name: str) -> str:
        return of.get(f"{name}_{language}") or of.get(f"{name}_ar") or ""

    fields = {
        "startTask": "CERTIFICATION_NAME",
        "name": ": ".join(text for text in (said(claims, "type"), said(claims, "program")) if text),
        "organizationName": said(credential.design, "authority") or said(claims, "center"),
        "issueYear": credential.issued_on.year,
        "issueMonth": credential.issued_on.month,
        "certUrl": public_address(credential),
        "certId": credential.number,
    }
    if credential.valid_until:
        fields |= {
            "expirationYear": credential.valid_until.year,
            "expirationMonth": credential.valid_until.month,
        }
    return f"https://www.linkedin.com/profile/add?{urlencode(fields)}"


@register.filter
def replacement(credential: Credential) -> Credential | None:
    """The certificate in its place, if there is one."""
    return _verification_of(credential).replacement


@register.filter
def renewal_hint(credential: Credential) -> str:
    """When the holder may ask for a renewal; nothing where there is none. Fetch `type__terms` before."""
    if credential.source == Source.LEGACY or credential.valid_until is None:
        return ""
    if _verification_of(credential).result not in {LookupResult.VALID, LookupResult.EXPIRED}:
        return ""
    term = _term_of(credential)
    if term is None or term.renewable_days == 0:
        return ""
    opens = credential.valid_until - dt.timedelta(days=term.renewable_days)
    if opens <= timezone.localdate():
        return _("You can renew it now: ask your center.")
    return _("You can renew it from %(day)s.") % {"day": format_date(opens, "DATE_FORMAT")}


def _term_of(credential: Credential) -> Term | None:
    """As `queries.renewable`, from terms that were fetched: one for the level before one for all."""
    today, level = timezone.localdate(), credential.claims.get("level")
    mine = [
        term for term in credential.type.terms.all() if term.since <= today and term.level_id in {None, level}
    ]
    return max(mine, key=lambda term: (term.level_id is not None, term.since), default=None)
