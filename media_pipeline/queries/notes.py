"""The decisions of the plan of a video, in the reader's language."""

from typing import Any

from media_pipeline.enums import PlanNote


def plan_sentences(plan: dict[str, Any] | None) -> list[str]:
    """The remarks of a stored plan as sentences; old plans have no codes, only texts."""
    return [_sentence(reason) for reason in (plan or {}).get("reasons", [])]


def _sentence(reason: dict[str, Any] | str) -> str:
    if isinstance(reason, str):
        return reason
    return str(PlanNote(reason["code"]).label) % reason["facts"]
