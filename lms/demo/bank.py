"""The question bank of the demo: of the ministry and of the main center, two in review, one draft with slips of the keyboard."""

from typing import Any
from uuid import uuid4

from django.db import transaction

from accounts.enums import RoleName
from accounts.models import User
from assessment.bilingual import BankBlocks, Draft, draft_in
from assessment.models import Question
from assessment.services.bank import Labels, publish_question, submit_question, write_question
from assessment.services.freezing import digest_of
from lms.demo.clock import at, moment
from lms.demo.people import DemoPeople
from lms.demo.texts.bank import BANK, BankText, Pair

ELECTRICIANS = "7411"


@transaction.atomic
def build_bank(cast: DemoPeople) -> None:
    """Made once; what visitors of the demo did with it stays."""
    if Question.objects.of_the_bank().exists():
        return
    for text in BANK:
        _build(cast, text)


def _build(cast: DemoPeople, text: BankText) -> None:
    draft = _draft(text)
    author, publisher = _hands(cast, is_of_ministry=text.is_of_ministry)
    labels = Labels(text.tags, text.difficulty, text.competence, ELECTRICIANS)
    with at(moment(-20, 10)):
        owner = None if text.is_of_ministry else cast.center
        question = write_question(owner=owner, draft=draft, labels=labels, by=author)
    if text.state == "draft":
        return
    with at(moment(-19 if text.state == "published" else -2, 9)):
        submit_question(question_id=question.pk, by=author)
    if text.state == "published":
        with at(moment(-18, 12)):
            publish_question(question_id=question.pk, digest=digest_of(*draft), by=publisher)


def _hands(cast: DemoPeople, *, is_of_ministry: bool) -> tuple[User, User]:
    """Who writes, and who publishes."""
    if is_of_ministry:
        return cast.colleague, cast.login(RoleName.MINISTRY_OFFICER)
    return cast.instructor, cast.login(RoleName.ASSESSOR)


def _draft(text: BankText) -> Draft:
    raw = {"text": _both(text.text), "explanation": _both(text.why), **_parts(text.parts)}
    blocks = BankBlocks()
    return draft_in(blocks.clean(blocks.to_python([{"type": text.kind, "value": raw}])))


def _parts(parts: dict[str, Any]) -> dict[str, Any]:
    """The parts as the form's blocks are stored."""
    raw = dict(parts)
    if "options" in parts:
        raw["options"] = _items({"text": _both(said), "is_right": right} for said, right in parts["options"])
    if "units" in parts:
        raw["units"] = _items({"name": name, "factor": factor} for name, factor in parts["units"])
    if "accepted" in parts:
        raw["accepted"] = _items(parts["accepted"])
    if "pairs" in parts:
        raw["pairs"] = _items({"left": _both(left), "right": _both(right)} for left, right in parts["pairs"])
        raw["others"] = _items(_both(said) for said in parts["others"])
    return raw


def _items(values: Any) -> list[dict[str, Any]]:
    return [{"type": "item", "value": value, "id": str(uuid4())} for value in values]


def _both(said: Pair) -> dict[str, str]:
    return {"ar": said[0], "en": said[1]}
