"""The data of a certificate for drawing, and the closed list of claims that a design may print."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from certificates.codes import display_code
from certificates.drawing.grammatical_gender import GENDERED_PARTS
from typesetting import arabic_digits

_ARABIC_MONTHS = (
    "يناير", "فبراير", "مارس", "أبريل", "مايو", "يونيو",
    "يوليو", "أغسطس", "سبتمبر", "أكتوبر", "نوفمبر", "ديسمبر",
)  # fmt: skip
_ENGLISH_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


@dataclass(frozen=True)
class CertificateData:
    """The data of a certificate.

    `claims` and `design` are as described at `certificates.models.Credential`; `verify_url` is the content of the QR code and
    `offline_url` that of an offline QR code, if the design has one (empty: none was
    made). `copy_number` and `copied_on` are those of a numbered copy. `watermark` is printed across every page. `assets` are
    the pictures of the design by their SHA-256 in hexadecimal.
    """

    number: str
    code: str
    issued_on: date
    claims: Mapping[str, Any]
    design: Mapping[str, Any]
    verify_url: str
    copy_number: int | None = None
    copied_on: date | None = None
    valid_from: date | None = None
    valid_until: date | None = None
    offline_url: str = ""
    watermark: str = ""
    assets: Mapping[str, bytes] = field(default_factory=dict)


def arabic_date(day: date) -> str:
    return arabic_digits(f"{day.day} {_ARABIC_MONTHS[day.month - 1]} {day.year}")


def english_date(day: date) -> str:
    return f"{day.day} {_ENGLISH_MONTHS[day.month - 1]} {day.year}"


def percent(written: object) -> str:
    """A percentage as it is frozen, such as 87.50, as it is printed: 87.5%."""
    number = str(written)
    return f"{number.rstrip('0').rstrip('.') if '.' in number else number}%"


@dataclass(frozen=True)
class Fact:
    """A claim and the language it is printed in: `ar`, `en`, or empty for a number or code that is read left to right.

    `value` gives an empty text if the certificate does not have it. A `fixed` one is the design's own wording.
    """

    language: str
    value: Callable[[CertificateData], str]
    fixed: bool = False


def _claim(name: str, language: str) -> Fact:
    return Fact(language, lambda certificate: str(certificate.claims.get(name) or ""))


def _wording(name: str, language: str) -> Fact:
    return Fact(language, lambda certificate: str(certificate.design.get(name) or ""), fixed=True)


def _gendered(part: str) -> Fact:
    """The wording chosen for the person; the neutral one if none was chosen."""

    def value(certificate: CertificateData) -> str:
        return str(certificate.design.get(f"{part}_ar") or certificate.design.get(f"{part}_neutral_ar") or "")

    return Fact("ar", value, fixed=True)


def _latin_signatory(certificate: CertificateData) -> str:
    return f"{certificate.design.get('signatory_en', '')}, {certificate.design.get('signatory_title_en', '')}".strip(
        ", "
    )


def _day(find: Callable[[CertificateData], date | None], language: str) -> Fact:
    write = arabic_date if language == "ar" else english_date

    def value(certificate: CertificateData) -> str:
        day = find(certificate)
        return write(day) if day else ""

    return Fact(language, value)


def _frozen_day(name: str) -> Callable[[CertificateData], date | None]:
    def find(certificate: CertificateData) -> date | None:
        written = certificate.claims.get(name)
        return date.fromisoformat(written) if written else None

    return find


def _share(name: str, language: str) -> Fact:
    """A percentage of the record of study, which supplements alone have."""

    def value(certificate: CertificateData) -> str:
        written = certificate.claims.get(name)
        if written is None:
            return ""
        return (
            arabic_digits(percent(written)).replace("%", "٪").replace(".", "٫")
            if language == "ar"
            else percent(written)
        )

    return Fact(language, value)


def _place(language: str, separator: str) -> Fact:
    def value(certificate: CertificateData) -> str:
        parts = (
            certificate.claims.get(f"center_{language}"),
            certificate.claims.get(f"governorate_{language}"),
        )
        return separator.join(part for part in parts if part)

    return Fact(language, value)


def _identity(certificate: CertificateData) -> str:
    """The last four digits alone (law 151/2020 on personal data: no more than the purpose takes)."""
    identity = certificate.claims.get("identity")
    return f"•••• {identity['last4']}" if identity else ""


def _both_languages() -> dict[str, Fact]:
    claims = {}
    for language in ("ar", "en"):
        for name in ("state", "authority", "heading", "statement", "signatory", "signatory_title"):
            claims[f"{name}_{language}"] = _wording(f"{name}_{language}", language)
        for name in ("name", "type", "program", "level", "center", "governorate"):
            claims[f"{name}_{language}"] = _claim(f"{name}_{language}", language)
        claims[f"place_{language}"] = _place(language, " – " if language == "ar" else ", ")
        claims[f"issued_on_{language}"] = _day(lambda certificate: certificate.issued_on, language)
        claims[f"valid_from_{language}"] = _day(lambda certificate: certificate.valid_from, language)
        claims[f"valid_until_{language}"] = _day(lambda certificate: certificate.valid_until, language)
        claims[f"attendance_{language}"] = _share("attendance_percent", language)
        claims[f"score_{language}"] = _share("score_percent", language)
        claims[f"practice_{language}"] = _share("practice_percent", language)
        for name in ("starts_on", "ends_on", "completed_on"):
            claims[f"{name}_{language}"] = _day(_frozen_day(name), language)
    return claims


FACTS: dict[str, Fact] = {
    **_both_languages(),
    **{f"{part}_ar": _gendered(part) for part in GENDERED_PARTS},
    **{f"{part}_en": _wording(f"{part}_en", "en") for part in GENDERED_PARTS},
    "hours_ar": Fact("ar", lambda certificate: arabic_digits(certificate.claims.get("hours") or "")),
    "hours_en": _claim("hours", "en"),
    "attended_hours_ar": Fact(
        "ar", lambda certificate: arabic_digits(certificate.claims.get("attended_hours") or "")
    ),
    "attended_hours_en": _claim("attended_hours", "en"),
    "signatory_line_en": Fact("en", _latin_signatory, fixed=True),
    "number": Fact("", lambda certificate: certificate.number),
    "code": Fact("", lambda certificate: display_code(certificate.code)),
    "identity": Fact("", _identity),
    "program_code": _claim("program_code", ""),
    "occupation_code": _claim("occupation_code", ""),
    "cohort": _claim("cohort", ""),
    "basis": _claim("basis", ""),
}
