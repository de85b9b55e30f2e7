"""Template filters for the claims of a certificate."""

import re
from collections.abc import Collection, Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from django import template
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, pgettext
from django.utils.translation import gettext as _

from accounts.services.formatting import format_date, format_pounds, localize_digits, uses_arabic_digits
from certificates.codes import display_code
from certificates.drawing import FACTS, PrintedFact, percent
from certificates.drawing import printed_facts as printed_facts_of
from certificates.enums import BlockingReason, CredentialState, Fault, LookupResult, Source
from certificates.legacy.labels import LABELS
from certificates.models import Credential, Passport
from certificates.queries.security_paper import sheets_shown
from certificates.services.sealed_pdfs import certificate_facts

register = template.Library()

# What the consent to a passport says that it never holds (templates/certificates/passport_consent.html).
NOT_IN_PASSPORTS = ("identity", "attendance_percent", "score_percent", "practice_percent", "attended_hours")
# As `certificates.services.claims` notes it: "25 / 75 %".
SHARES = re.compile(r"(–|[0-9.]+) / ([0-9.]+)( %)?")


def _in_page_language(claims: dict[str, Any], name: str) -> str:
    return claims[f"{name}_{'ar' if get_language() == 'ar' else 'en'}"]


# The terms of facts that have no label next to them on the paper. Whose hours they are is always said in our words: a design may leave it open.
_TERMS: dict[str, str | Promise] = {
    "level": gettext_lazy("Level"),
    "hours": gettext_lazy("Program hours"),
    "attended_hours": gettext_lazy("Hours attended"),
    "place": gettext_lazy("Center"),
    "center": gettext_lazy("Center"),
    "completed_on": gettext_lazy("Completed on"),
    "attendance": gettext_lazy("Attendance"),
    "score": gettext_lazy("Mean score"),
    "practice": gettext_lazy("Practical tasks, mean score"),
    "issued_on": gettext_lazy("Issued on"),
    "valid_until": gettext_lazy("Valid until"),
    "identity": gettext_lazy("Identity document"),
    "basis": gettext_lazy("Based on certificate"),
}
# What a register has to say of each certificate, also where its paper does not.
_ALWAYS = ("issued_on", "valid_until", "basis")
# Listed in the words of this page, before and after the rows of the paper.
_LISTED_APART = {"number", "code", "name", "type", "program", "heading"}


@register.simple_tag
def printed_facts(credential: Credential, passport: Passport | None = None) -> list[dict[str, str]]:
    """Terms and values in the words of the paper, the holder's name in both scripts. What it does not print is left out.

    On the page of a passport, what its holder agreed to: no digits of a document, no marks, no attendance.
    """
    return list(_printed(credential, withheld=NOT_IN_PASSPORTS if passport else ()))


def _printed(credential: Credential, withheld: Collection[str]) -> Iterator[dict[str, str]]:
    claims = {name: value for name, value in credential.claims.items() if name not in withheld}
    is_entered = credential.source == Source.LEGACY
    rows = {} if is_entered else _rows_of_paper(credential)
    rows = {name: fact for name, fact in rows.items() if name not in _hidden(withheld)}
    kind = _in_page_language(claims, "type") if "type_ar" in claims else credential.type.name
    yield {"term": _("Kind of certificate"), "value": rows["heading"].value if "heading" in rows else kind}
    yield {"term": _("Name as printed"), "value": claims["name_ar"], "dir": "rtl", "lang": "ar"}
    if claims["name_en"]:
        yield {"term": _("Name in Latin letters"), "value": claims["name_en"], "dir": "ltr", "lang": "en"}
    yield {"term": _("Program"), "value": _in_page_language(claims, "program")}
    if is_entered:
        yield from _entered(credential)
    for name, fact in rows.items():
        term = fact.label if fact.label and name != "hours" else _TERMS.get(name)
        if term and name not in _LISTED_APART:
            direction = {} if FACTS.get(name) is None else {"dir": "ltr"}
            yield {"term": str(term), "value": fact.value, **direction}
    yield {"term": _("Certificate number"), "value": credential.number, "dir": "ltr"}
    for printout in sheets_shown(credential):
        term = (
            _("Sheet of copy %(number)s") % {"number": printout.copy.number}
            if printout.copy
            else _("Sheet of paper")
        )
        yield {"term": term, "value": str(printout.sheet), "dir": "ltr"}
    yield {"term": _("Code"), "value": display_code(credential.code), "dir": "ltr"}


def _hidden(claims: Collection[str]) -> set[str]:
    """The names of the facts that print these claims."""
    return {claim.removesuffix("_percent") for claim in claims} | set(claims)


def _rows_of_paper(credential: Credential) -> dict[str, PrintedFact]:
    """By the names of the facts: those that the paper prints, then those that are always listed."""
    language = "ar" if get_language() == "ar" else "en"
    paper = certificate_facts(credential)
    rows = {fact.name: fact for fact in printed_facts_of(paper, language=language)}
    for name in _ALWAYS:
        fact = FACTS.get(f"{name}_{language}") or FACTS[name]
        if name not in rows and (value := fact.value(paper)):
            rows[name] = PrintedFact(name, "", value)
    return rows


def _entered(credential: Credential) -> Iterator[dict[str, str]]:
    """What is on a paper that was entered."""
    claims = credential.claims
    if claims.get("level"):
        yield {"term": _("Level"), "value": _in_page_language(claims, "level")}
    if claims.get("hours"):
        # Nothing says whose hours they are.
        yield {"term": _("Hours"), "value": str(claims["hours"])}
    center = f"{_in_page_language(claims, 'center')} – {_in_page_language(claims, 'governorate')}"
    yield {"term": _("Center"), "value": center}
    if "completed_on" in claims:
        completed = date.fromisoformat(claims["completed_on"])
        yield {"term": _("Completed on"), "value": format_date(completed)}
    yield {"term": _("Issued on"), "value": format_date(credential.issued_on)}
    if credential.valid_until:
        yield {"term": _("Valid until"), "value": format_date(credential.valid_until)}
    if claims["printed_number"] != credential.number:
        yield {"term": _("Number on the paper"), "value": claims["printed_number"], "dir": "ltr"}


@register.filter
def in_page_language(claims: dict[str, Any], name: str) -> str:
    """`credential.claims|in_page_language:"program"`."""
    return _in_page_language(claims, name)


@register.filter
def pounds(amount: Decimal) -> str:
    """An amount of money: 120.00 -> "120 pounds"."""
    return format_pounds(amount)


@register.filter
def in_percent(written: object) -> str:
    """A stored percentage such as 87.50 as it is printed: 87.5%, in Arabic ٨٧٫٥٪."""
    printed = localize_digits(percent(written))
    return printed.replace("%", "٪") if uses_arabic_digits() else printed


@register.filter
def iso_day(written: str) -> str:
    """A stored date such as 2026-03-12 in words of the page's language."""
    return format_date(date.fromisoformat(written))


@register.filter
def standing(credential: Credential) -> dict[str, str]:
    """The status of a certificate today, as context of the badge component."""
    if credential.state == CredentialState.IN_FORCE and credential.is_expired:
        return {"label": pgettext("certificate", "expired"), "tone": "warn", "icon": "clock"}
    answer = getattr(credential, "verification", None)
    if answer and answer.result == LookupResult.IN_DOUBT:
        return {"label": str(LookupResult.IN_DOUBT.label), "tone": "warn", "icon": "clock"}
    tone, icon = ("ok", "check") if credential.state == CredentialState.IN_FORCE else ("bad", "close")
    return {"label": credential.get_state_display(), "tone": tone, "icon": icon}


@register.filter
def block_sentence(code: str) -> str:
    """A blocking reason as text."""
    return str(BlockingReason(code).label)


@register.filter
def block_detail(detail: str) -> str:
    """The reached and the required value as text: in Arabic, a slash between two numbers can be read in either order."""
    found = SHARES.fullmatch(detail)
    if not found:
        return localize_digits(detail)
    shown = in_percent if found[3] else localize_digits
    return _("%(reached)s of the required %(required)s") % {
        "reached": shown(found[1]) if found[1] != "–" else found[1],
        "required": shown(found[2]),
    }


@register.filter
def whole_hours(minutes: int) -> int:
    """Of the evidence of hours in classes."""
    return minutes // 60


@register.filter
def grouped_code(code: str) -> str:
    return display_code(code)


@register.filter
def fault_sentence(fault: dict[str, str]) -> str:
    """What is wrong with a typed row: the field, the fault, and what it is about."""
    label = LABELS.get(fault["field"])
    sentence = Fault(fault["code"]).label
    parts = (f"{label}:" if label else "", sentence, fault["detail"])
    return " ".join(str(part) for part in parts if part)


@register.filter
def entered_on(credential: Credential) -> str:
    """The day on which a certificate was entered from paper; empty for one that was issued here."""
    if credential.source != Source.LEGACY:
        return ""
    return format_date(date.fromisoformat(credential.claims["entered_on"]))
