"""The grammatical gender of the Arabic sentence (*he*, *she* or neither) is chosen before a design is frozen.

A template has the wording of all three, a certificate only the one it prints: the person's sex is in neither its claims nor
its design.
"""

from collections.abc import Mapping
from typing import Any

MALE, FEMALE, NEUTRAL = "male", "female", "neutral"
GENDERS = (MALE, FEMALE, NEUTRAL)
GENDERED_PARTS = ("opening", "deed")


def with_gender(design: Mapping[str, Any], form: str) -> dict[str, Any]:
    """The design with the words of one form and no trace of the others; one without forms as it is."""
    others = {f"{part}_{one}_ar" for part in GENDERED_PARTS for one in GENDERS}
    chosen = {
        f"{part}_ar": design[f"{part}_{form}_ar"] for part in GENDERED_PARTS if f"{part}_{form}_ar" in design
    }
    return {name: value for name, value in design.items() if name not in others} | chosen
