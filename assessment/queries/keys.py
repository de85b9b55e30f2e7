"""Questions as they are marked: by the newest correction of their key, where there is one."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from assessment.enums import KeyRule
from assessment.marking.numeric import Numeric
from assessment.models import Attempt, KeyCorrection
from assessment.queries.questions import StoredQuestion, chance_of, stored_questions, with_values


@dataclass(frozen=True)
class KeyInForce:
    """How a version of a question is marked. `question` has the key that counts; that of a version without a correction is its own."""

    question: StoredQuestion
    asked: StoredQuestion
    rule: KeyRule = KeyRule.KEY
    is_corrected: bool = False

    def in_slot(self, attempt: Attempt, slot: int) -> "KeyInForce":
        """As it marks a slot of an attempt: with the values that were generated for it by what was asked.

        A corrected formula without a result for them marks nothing: those who were asked for them keep the key that they were asked with.
        """
        if not self.asked.content.get("variables"):
            return self
        asked = with_values(self.asked, chance_of(attempt, slot))
        marks = self.question.question
        if (
            self.question is self.asked
            or not isinstance(marks, Numeric)
            or not marks.has_results(asked.values)
        ):
            return replace(self, question=asked)
        corrected = replace(self.question, question=marks.with_values(asked.values), values=asked.values)
        return replace(self, question=corrected)

    def share(self, response: Any) -> Fraction | None:
        """The share of its points that a response earns; None where the question does not count."""
        match self.rule:
            case KeyRule.EVERYBODY:
                return Fraction(1)
            case KeyRule.NO_ONE:
                return None
            case KeyRule.KEY:
                return self.question.question.mark(response) or Fraction(0)


def keys_in_force(versions: Iterable[int]) -> dict[int, KeyInForce]:
    """By version. One query, one more for versions that this process did not use before. Not kept in memory: a correction counts at once."""
    wanted = set(versions)
    newest = (
        KeyCorrection.objects.filter(version__in=wanted).order_by("version_id", "-pk").distinct("version_id")
    )
    corrections = {one.version_id: one for one in newest}
    return _by_version(
        wanted, {key: (KeyRule(one.rule), one.to_version_id) for key, one in corrections.items()}
    )


def key_as(version: int, rule: KeyRule, to_version: int | None) -> KeyInForce:
    """A version as a correction would have it marked."""
    return _by_version({version}, {version: (rule, to_version)})[version]


def _by_version(
    wanted: set[int], corrected: Mapping[int, tuple[KeyRule, int | None]]
) -> dict[int, KeyInForce]:
    marked_by = {key: (corrected[key][1] or key) if key in corrected else key for key in wanted}
    questions = {one.version: one for one in stored_questions(sorted({*wanted, *marked_by.values()}))}
    return {
        key: KeyInForce(
            questions[marked_by[key]],
            questions[key],
            corrected[key][0] if key in corrected else KeyRule.KEY,
            is_corrected=key in corrected,
        )
        for key in wanted
    }
