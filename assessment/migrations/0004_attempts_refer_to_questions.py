"""The questions that attempts copied become versions to which they refer, each written once; answers and drafts name their slot."""

import json
import re
from collections.abc import Iterator
from fractions import Fraction
from hashlib import sha256
from itertools import batched
from pathlib import Path
from typing import Any

from django.db import migrations

THAWED = (Path(__file__).parent / "sql" / "thawed_attempts.sql").read_text(encoding="utf-8")
ATTEMPTS_AT_ONCE = 500
ARABIC = re.compile("[\u0600-\u06ff]")


def by_language(text: str) -> dict[str, str]:
    """Copies did not say in which language they were asked."""
    return {"ar" if ARABIC.search(text) else "en": text} if text else {}


def version_of(copied: dict[str, Any]) -> tuple[str, dict[str, Any], dict[str, Any]]:
    """Kind, content and key of a copy, as `assessment.services.freezing` writes them."""
    right = [option["id"] for option in copied["options"] if option["is_right"]]
    wrong = [option["id"] for option in copied["options"] if not option["is_right"]]
    if copied["kind"] == "single":
        weights = dict.fromkeys(right, "1")
    else:
        gain, loss = Fraction(1, len(right)), Fraction(-1, len(wrong) or 1)
        weights = {**dict.fromkeys(right, str(gain)), **dict.fromkeys(wrong, str(loss))}
    options = [{"id": option["id"], "text": by_language(option["text"])} for option in copied["options"]]
    content = {"text": by_language(copied["text"]), "options": options}
    return copied["kind"], content, {"weights": weights, "explanation": by_language(copied["explanation"])}


def digest_of(kind: str, content: dict[str, Any], key: dict[str, Any]) -> str:
    text = json.dumps([kind, content, key], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()


def response_to(copied: dict[str, Any], chosen: list[str]) -> Any:
    if copied["kind"] == "single":
        return chosen[0] if chosen else None
    return sorted(set(chosen)) or None


class Versions:
    """Questions and versions, made once for all attempts."""

    def __init__(self, apps: Any) -> None:
        self.questions = apps.get_model("assessment", "Question").objects
        self.rows = apps.get_model("assessment", "QuestionVersion").objects
        self.known: dict[tuple[Any, str, str], int] = {}

    def key_of(self, quiz_key: Any, copied: dict[str, Any]) -> int:
        kind, content, key = version_of(copied)
        name = quiz_key, copied["id"], digest_of(kind, content, key)
        if name not in self.known:
            question, _is_new = self.questions.get_or_create(quiz_key=quiz_key, block_id=copied["id"])
            version, _is_new = self.rows.get_or_create(
                question=question, digest=name[2], defaults={"kind": kind, "content": content, "key": key}
            )
            self.known[name] = version.pk
        return self.known[name]


def refer(apps: Any, _schema_editor: Any) -> None:
    attempts = apps.get_model("assessment", "Attempt").objects
    answers = apps.get_model("assessment", "Answer").objects
    versions = Versions(apps)
    for chunk in batched(attempts.order_by("pk").iterator(chunk_size=ATTEMPTS_AT_ONCE), ATTEMPTS_AT_ONCE, strict=False):
        slots: dict[tuple[int, str], tuple[int, dict[str, Any]]] = {}
        for attempt in chunk:
            named = {copied["id"]: (slot, copied) for slot, copied in enumerate(attempt.questions)}
            attempt.versions = [versions.key_of(attempt.quiz_key, copied) for copied in attempt.questions]
            attempt.points = [copied["points"] for copied in attempt.questions]
            attempt.draft = dict(drafted(attempt.draft, named))
            slots |= {(attempt.pk, name): found for name, found in named.items()}
        attempts.bulk_update(chunk, ["versions", "points", "draft"])
        given = list(answers.filter(attempt__in=chunk))
        for answer in given:
            answer.slot, copied = slots[answer.attempt_id, answer.question_id]
            answer.response = response_to(copied, answer.chosen)
        answers.bulk_update(given, ["slot", "response"], batch_size=5000)


def drafted(draft: dict[str, list[str]], named: dict[str, tuple[int, dict[str, Any]]]) -> Iterator[tuple[str, Any]]:
    for name, chosen in draft.items():
        if name in named:
            slot, copied = named[name]
            if response := response_to(copied, chosen):
                yield str(slot), response


class Migration(migrations.Migration):

    dependencies = [
        ('assessment', '0003_versions_of_questions'),
    ]

    operations = [
        # The triggers that keep attempts as they were come again in the next migration.
        migrations.RunSQL(THAWED, migrations.RunSQL.noop),
        migrations.RunPython(refer, migrations.RunPython.noop),
    ]
