"""The schemas of requests and responses."""

import datetime as dt
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import Field

from certificates.services.verification_responses import MOST_CODES

Code = Annotated[str, Field(max_length=60, examples=["7KQ2-M9XA-3TBD-5"])]


# Results for codes: those about altered and foreign files are not among them.
CodeResult = Literal[
    "valid", "in_doubt", "expired", "suspended", "revoked", "replaced", "unknown", "malformed"
]


class Detail(Schema):
    detail: str


class Refused(Schema):
    """A rule that said no: `detail` in words, `code` for programs."""

    detail: str
    code: str


class Malformed(Schema):
    """What of the question is not as described: `loc` says where, `msg` what."""

    detail: list[dict[str, Any]]


class Unit(Schema):
    """A unit that a supplement lists; `score` is in percent, null where nothing was marked."""

    title_ar: str
    title_en: str
    completed_on: dt.date | None
    score: str | None


class Certificate(Schema):
    """The claims of the certificate."""

    number: str
    type_ar: str | None
    type_en: str | None
    name_ar: str | None
    name_en: str | None
    program_ar: str | None
    program_en: str | None
    program_code: str | None
    occupation_code: str | None
    level_ar: str | None
    level_en: str | None
    hours: int | None
    center_ar: str | None
    center_en: str | None
    governorate_ar: str | None
    governorate_en: str | None
    completed_on: dt.date | None
    basis: str | None
    attendance_percent: int | None
    score_percent: str | None
    practice_percent: str | None
    attended_hours: int | None
    units: list[Unit] | None
    issued_on: dt.date
    valid_from: dt.date
    valid_until: dt.date | None


class Ended(Schema):
    """When it stopped being in force, and the class of the reason."""

    on: dt.date
    reason: str


class Answer(Schema):
    """What the register knows about one code. `certificate` is null where there is none.

    `asked` is the question as it was sent; `code` the code it was read as, empty where it is none. `is_basis_withdrawn` where the certificate that this one is based on (`certificate.basis`) is revoked or suspended.
    """

    asked: str
    code: str
    result: CodeResult
    certificate: Certificate | None
    ended: Ended | None
    replaced_by: str | None
    is_basis_withdrawn: bool


class SignedAnswer(Answer):
    """`jws` says the same once more, signed: keep it as evidence."""

    checked_at: str
    jws: str


class Codes(Schema):
    codes: Annotated[list[Code], Field(min_length=1, max_length=MOST_CODES)]


class SignedAnswers(Schema):
    """One answer a code, in the order they were asked; `jws` signs all of them."""

    checked_at: str
    answers: list[Answer]
    jws: str


class Key(Schema):
    """A key of the site. `public_key` and `certificate` are PEM."""

    key_id: str
    role: str
    algorithm: str
    public_key: str
    certificate: str
    is_demo: bool
    active_from: str
    retired_at: str | None
    compromised_at: str | None
