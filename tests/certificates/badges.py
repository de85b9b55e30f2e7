"""A credential as the register would write it, for the tests of the formats."""

import copy
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from certificates.openbadges.credential import (
    Achievement,
    AchievementType,
    Bilingual,
    Center,
    CredentialClaims,
    Issuer,
    Occupation,
    StatusPlace,
    StatusPurpose,
)

SITE = "https://certificates.example.org"
DID = "did:web:certificates.example.org"
NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
INDEX = 94_567
LISTS = {purpose: f"{SITE}/status/{purpose.value}/1" for purpose in StatusPurpose}

FACTS = CredentialClaims(
    issuer=Issuer(did=DID, name=Bilingual(ar="وزارة العمل", en="Ministry of Labor"), url=SITE),
    credential_id=UUID("3f6b2f0e-8a51-4c77-9b55-0f5f8e8f1a01"),
    subject=UUID("8d0c9a54-6f0e-4a5b-8a49-0a4a4f1b7c02"),
    name=Bilingual(ar="أحمد محمد عبد الرحمن السيد", en="Ahmed Mohamed Abdelrahman Elsayed"),
    number="CAI-03/2026/000123",
    achievement=Achievement(
        id=f"{SITE}/achievements/welding-tig-3",
        type=AchievementType.CERTIFICATE,
        name=Bilingual(ar="لحام القوس بغاز الأرجون، المستوى الثالث", en="TIG welding, level 3"),
        description=Bilingual(ar="لحام الصلب والألومنيوم.", en="Welding of steel and aluminum."),
        criteria=Bilingual(ar="٤٢٠ ساعة واختبار عملي.", en="420 hours and a practical test."),
        hours=420,
        level="3",
        occupation=Occupation(
            isco_code="7212", name=Bilingual(ar="عمال اللحام", en="Welders and flame cutters")
        ),
    ),
    center=Center(id=f"{SITE}/centers/3", name=Bilingual(ar="مركز القاهرة", en="Cairo center")),
    awarded_at=NOW - timedelta(hours=1),
    valid_from=NOW - timedelta(hours=1),
    valid_until=NOW + timedelta(days=3 * 365),
    status=tuple(StatusPlace(purpose=purpose, list_url=url, index=INDEX) for purpose, url in LISTS.items()),
)


def claims_with(**changes: Any) -> CredentialClaims:
    return replace(FACTS, **changes)


def changed(value: Any, path: str, to: Any) -> Any:
    """A copy with the member at `a/0/b` set, or removed when `to` is None."""
    result = copy.deepcopy(value)
    *steps, last = [int(step) if step.isdigit() else step for step in path.split("/")]
    inner = result
    for step in steps:
        inner = inner[step]
    if to is None:
        del inner[last]
    else:
        inner[last] = to
    return result
