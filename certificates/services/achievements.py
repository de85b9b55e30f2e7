"""The Open Badges achievement of a kind of certificate and a program."""

from typing import Any

from certificates.enums import CredentialKind
from certificates.jose import Json
from certificates.models import CredentialType
from certificates.openbadges.credential import CONTEXTS, build_achievement
from certificates.queries.prerequisites import newest_claims
from certificates.services.badges import NO_PROGRAM, achievement
from certificates.services.claims import titles
from courses.models import ProgramPage


def achievement_document(*, type_code: str, program_code: str) -> Json | None:
    """The Open Badges achievement of a kind and a program; None if there never was such a program.

    If the program has a new code, this is what its newest certificate says: signed credentials contain the old address. Of the
    kind alone for those that name no program.
    """
    if "\0" in program_code:
        # PostgreSQL text cannot contain NUL, and a query for it is an error.
        return None
    type_ = CredentialType.objects.filter(code=type_code).first()
    if type_ is None:
        return None
    # Includes programs that are no longer taught, as their certificates are in use. Excludes unpublished ones.
    program = (
        ProgramPage.objects.filter(code=program_code, first_published_at__isnull=False)
        .select_related("level")
        .order_by("pk")
        .first()
    )
    claims: dict[str, Any] | None
    if program_code == NO_PROGRAM:
        claims = {"program_ar": type_.name_ar, "program_en": type_.name_en}
    elif program is not None:
        claims = _claims_of(program, type_)
    else:
        claims = newest_claims(type_, program_code=program_code)
    if claims is None:
        return None
    content = build_achievement(
        achievement(type_code=type_.code, kind=CredentialKind(type_.kind), claims=claims)
    )
    return {"@context": CONTEXTS, **content}


def _claims_of(program: ProgramPage, type_: CredentialType) -> dict[str, Any]:
    return {
        **titles(program),
        "type_ar": type_.name_ar,
        "type_en": type_.name_en,
        "level_ar": program.level.name_ar,
        "level_en": program.level.name_en,
        "program_code": program.code,
        "occupation_code": program.occupation_code,
        "hours": program.hours,
    }
