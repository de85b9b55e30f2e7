"""Prerequisites of certificates, and dependent certificates."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import (
    Exists,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextField,
    Value,
)
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Coalesce, NullIf

from certificates.enums import (
    WITHDRAWN_STATES,
    WITHOUT_SUPPLEMENT,
    CredentialKind,
)
from certificates.models import (
    Credential,
    CredentialType,
    IssuingRule,
)
from certificates.models.credentials import CredentialQuerySet
from certificates.queries.proposals import waiting_rows


def types_with_prerequisite(asked: int | None = None) -> QuerySet[CredentialType]:
    """Kinds whose newest rule asks for another certificate, of the kind with the id `asked` if that is given."""
    newest = IssuingRule.objects.filter(type=OuterRef("pk")).order_by("-version")
    types = CredentialType.objects.filter(is_active=True).alias(
        asked=Subquery(newest.values("prerequisite")[:1])
    )
    return types.filter(asked__isnull=False) if asked is None else types.filter(asked=asked)


def valid_prerequisites(type_id: int, *, day: dt.date) -> CredentialQuerySet:
    """Certificates of a kind that can be the prerequisite of another on `day`.

    Their claims suffice to draw the new one; those entered from paper may lack some.
    """
    return Credential.objects.valid_on(day).filter(type=type_id, claims__has_keys=["hours", "completed_on"])


def withdrawn_prerequisites(
    rows: Iterable[Mapping[str, Any]], *, from_: QuerySet[Credential] | None = None
) -> set[str]:
    """The numbers of prerequisites in claims that are revoked or suspended, they or their replacements.

    One query for each certificate in the longest chain of replacements, in the rows `from_`.
    """
    register = Credential.objects.all() if from_ is None else from_
    asked = {claims["basis"]: claims["basis"] for claims in rows if claims.get("basis")}
    withdrawn: set[str] = set()
    while asked:
        found = register.filter(number__in=asked).order_by("pk")
        replacements: dict[str, str] = {}
        for number, state, *next_numbers in found.values_list(
            "number", "state", "superseded_by__number", "renewed_by__number"
        ):
            if state in WITHDRAWN_STATES:
                withdrawn.add(asked[number])
            replacements |= {replacement: asked[number] for replacement in next_numbers if replacement}
        asked = replacements
    return withdrawn


def based_on(credentials: Iterable[Credential]) -> CredentialQuerySet:
    """Live certificates that are based on these, or on those that these replaced."""
    numbers: set[str] = set()
    credentials = list(credentials)
    # A supplement from before supplements named their certificate.
    with_supplements = {
        one.enrollment_id for one in credentials if one.kind not in WITHOUT_SUPPLEMENT and one.enrollment_id
    }
    asked = {one.pk for one in credentials}
    while asked:
        found = Credential.objects.filter(pk__in=asked).values_list("number", "supersedes", "renews")
        asked = set()
        for number, *before in found:
            numbers.add(number)
            asked |= {pk for pk in before if pk}
    unnamed = Credential.objects.live().filter(
        ~Q(claims__has_key="basis"), kind=CredentialKind.SUPPLEMENT, enrollment__in=with_supplements
    )
    # The expression of the index.
    with_prerequisite = Credential.objects.live().filter(claims__has_key="basis")
    named = with_prerequisite.alias(prerequisite_number=KeyTextTransform("basis", "claims")).filter(
        prerequisite_number__in=numbers
    )
    return Credential.objects.filter(Q(pk__in=named.values("pk")) | Q(pk__in=unnamed.values("pk")))


# The keys of the trade of claims: an occupation (ISCO-08; None without) and a program.
_TRADE = {
    "occupation": NullIf(KeyTextTransform("occupation_code", "claims"), Value("", TextField())),
    "program": Coalesce(KeyTextTransform("program_code", "claims"), Value("", TextField())),
}


# Of the trade of the row around are rows of one occupation with it, or of one program. A program may have got its
# occupation between two certificates.
_SAME_TRADE = Q(occupation=OuterRef("occupation")) | Q(program=OuterRef("program"))


def newest_claims(type_: CredentialType, *, program_code: str) -> dict[str, Any] | None:
    """The claims of the newest certificate of a kind and a program; None if there is none."""
    of_program = Credential.objects.alias(program=KeyTextTransform("program_code", "claims"))
    of_program = of_program.filter(type=type_, program=program_code)
    return of_program.order_by("-pk").values_list("claims", flat=True).first()


def available_prerequisites(type_: CredentialType, *, day: dt.date) -> CredentialQuerySet:
    """Those that can be the prerequisite of the kind `type_`, and whose holders neither have nor wait for one of their trade."""
    rule = type_.rules.first()
    if rule is None or rule.prerequisite_id is None:
        return Credential.objects.none()
    live = Credential.objects.live().filter(type=type_, holder=OuterRef("holder"))
    waiting = waiting_rows(type_).filter(person=OuterRef("holder"))
    return (
        valid_prerequisites(rule.prerequisite_id, day=day)
        .alias(**_TRADE)
        .filter(
            ~Exists(live.alias(**_TRADE).filter(_SAME_TRADE)),
            ~Exists(waiting.alias(**_TRADE).filter(_SAME_TRADE)),
        )
    )


def replacement_of(credential: Credential) -> Credential | None:
    """The certificate that corrected or renewed this one."""
    return Credential.objects.filter(Q(supersedes=credential) | Q(renews=credential)).first()
