"""The Open Badges achievement of a kind of certificate and a program."""

from typing import Any

from certificates.enums import CredentialKind
from certificates.jose import Json
from certificates.models import CredentialType
from certificates.openbadges.credential import CONTEXTS, build_achievement
from certificates.queries.prerequisites import newest_claims
from certificates.services.badges import NO_PROGRAM, achievement
from courses.models import ProgramPage
from courses.queries.facts import facts_of_program


def achievement_document(*, type_code: str, program_code: str) -> Json | None:
    """The Open Badges achievement of a kind and a program; None if there never was such a program.

    It says what the newest certificate says: signed credentials contain the address. What is published of the program where there is none
    yet; of the kind alone for those that name no program.
    """
    if "\0" in program_code:
        # PostgreSQL text cannot contain NUL, and a query for it is an error.
        return None
    type_ = CredentialType.objects.filter(code=type_code).first()
    if type_ is None:
        return None
    claims: dict[str, Any] | None
    if program_code == NO_PROGRAM:
        claims = {"program_ar": type_.name_ar, "program_en": type_.name_en}
    else:
        claims = newest_claims(type_, program_code=program_code) or _published(type_, program_code)
    if claims is None:
        return None
    content = build_achievement(
        achievement(type_code=type_.code, kind=CredentialKind(type_.kind), claims=claims)
    )
    return {"@context": CONTEXTS, **content}


def _published(type_: CredentialType, program_code: str) -> dict[str, Any] | None:
    """Also of a program that is no longer taught, but not of one that was never published."""
    programs = ProgramPage.objects.filter(code=program_code, first_published_at__isnull=False)
    program = programs.select_related("level").order_by("pk").first()
    if program is None:
        return None
    return {**facts_of_program(program), "type_ar": type_.name_ar, "type_en": type_.name_en}
