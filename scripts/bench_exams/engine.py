"""What marking costs: 10,000 attempts (`MARKED=...`) of 30 questions of all kinds that a key marks, without the database."""

import os
import time
from fractions import Fraction
from typing import Any

from assessment.marking.kinds import question_of
from assessment.marking.question import total_percent
from tests.assessment.marking.test_every_kind import BY_HAND, SAMPLES

ATTEMPTS = int(os.environ.get("MARKED", "10000"))
QUESTIONS = 30


def cost_of_marking() -> dict[str, Any]:
    """Attempts that a second of a processor marks; half of the answers are right, a sixth is missing."""
    kinds = sorted(SAMPLES.keys() - BY_HAND)
    samples = [SAMPLES[kinds[number % len(kinds)]] for number in range(QUESTIONS)]
    questions = [
        question_of(kinds[number % len(kinds)], content, key)
        for number, (content, key, _right) in enumerate(samples)
    ]
    right = [question.read(sample[2]) for question, sample in zip(questions, samples, strict=True)]
    wrong = [_wrong(question, sample[2]) for question, sample in zip(questions, samples, strict=True)]
    points = [1 + number % 3 for number in range(QUESTIONS)]
    started = time.process_time()
    for attempt in range(ATTEMPTS):
        shares = [
            question.mark((right, wrong, right, wrong, right, [None] * QUESTIONS)[(attempt + slot) % 6][slot])
            or Fraction(0)
            for slot, question in enumerate(questions)
        ]
        total_percent(points, shares)
    seconds = time.process_time() - started
    print(f"{ATTEMPTS} attempts of {QUESTIONS} questions: {seconds:.2f} s of a processor")
    return {"mark_cpu_s": round(seconds, 2), "mark_per_cpu_s": round(ATTEMPTS / seconds)}


def _wrong(question: Any, right: Any) -> Any:
    """An answer of the same form that earns less."""
    tried: dict[type, list[Any]] = {
        str: ["a", "c", "true", "12", "كلمة"],
        list: [["a"], list("abcd")],
        dict: [{"s": "c"}, {"points": [[5, 5]]}, {"g": "x"}],
    }
    for sent in tried[type(right)]:
        try:
            response = question.read(sent)
        except ValueError:
            continue
        if question.mark(response) != 1:
            return response
    raise ValueError(f"no wrong answer like {right!r}")
