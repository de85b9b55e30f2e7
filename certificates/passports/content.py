"""The content of a skills passport: see docs/reference/certificates-passport.md and the JSON schema `schema-1.json`."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from ..jose import Json
from ..openbadges.credential import timestamp
from ..openbadges.did import did_of

# Raise it with every change of meaning and every removed member.
VERSION = 1
SCHEMA_FILE = Path(__file__).with_name(f"schema-{VERSION}.json")

# The claims of a certificate that are shown. Identity document and cohort are left out: an employer does not need them.
_COPIED = (
    "name_ar",
    "name_en",
    "type_ar",
    "type_en",
    "program_ar",
    "program_en",
    "program_code",
    "level",
    "level_ar",
    "level_en",
    "center_ar",
    "center_en",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A certificate in a passport. `claims` are as at `certificates.models.Credential`; `standing` is valid or expired."""

    kind: str
    number: str
    code: str
    verify_url: str
    standing: str
    issued_on: date
    valid_from: date
    valid_until: date | None
    claims: Mapping[str, Any]

    def json(self) -> Json:
        claims = self.claims
        return {
            "kind": self.kind,
            "number": self.number,
            "code": self.code,
            "verify_url": self.verify_url,
            "standing": self.standing,
            "issued_on": self.issued_on.isoformat(),
            "valid_from": self.valid_from.isoformat(),
            "valid_until": self.valid_until.isoformat() if self.valid_until else None,
            "completed_on": claims.get("completed_on"),
            "isco_08": claims.get("occupation_code") or None,
            "hours": int(claims.get("hours") or 0),
            **{name: claims.get(name) or "" for name in _COPIED},
        }


def schema_address(site_url: str) -> str:
    """The `$schema` of a passport, where the schema is also served."""
    return f"{site_url}/schemas/skills-passport-{VERSION}.json"


def passport_content(
    *,
    id_: UUID,
    site_url: str,
    issuer: Mapping[str, str],
    holder: Mapping[str, str],
    consent: Mapping[str, str],
    made_at: datetime,
    expires_at: datetime,
    entries: Sequence[Entry],
) -> Json:
    """The content that is signed. `issuer` and `holder` are `{"name_ar", "name_en"}`; times are aware."""
    credentials = [entry.json() for entry in entries]
    return {
        "$schema": schema_address(site_url),
        "id": f"urn:uuid:{id_}",
        "issuer": {"id": did_of(site_url), **issuer},
        "holder": dict(holder),
        "made_at": timestamp(made_at),
        "expires_at": timestamp(expires_at),
        "consent": dict(consent),
        "hours": hours_in(credentials),
        "isco_08": sorted({one["isco_08"] for one in credentials if one["isco_08"]}),
        "credentials": credentials,
    }


def hours_in(credentials: Iterable[Json]) -> int:
    """Hours of the programs, each program once: a completion and a license based on it count the same hours."""
    by_program: dict[str, int] = {}
    for one in credentials:
        program = one["program_code"] or one["program_ar"]
        by_program[program] = max(by_program.get(program, 0), one["hours"])
    return sum(by_program.values())
