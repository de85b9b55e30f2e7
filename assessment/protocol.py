"""What devices send to save answers and what they are told, as JSON. `docs/reference/save-protocol.md` states it."""

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

from django.http import JsonResponse
from django.utils.translation import gettext_lazy as _

from accounts.errors import DomainError
from assessment.enums import Refusal
from assessment.errors import OtherOffset, SaveRefused, TooManyFiles
from assessment.files.rewriting import FileRefused, TooManyAtOnce
from assessment.services.saving import MOST_CHANGES, Change

# Of a request: the longest essay in letters of four bytes, and its frame.
MOST_BYTES = 256 * 1024
_MOST_EPOCH = 2**15 - 1
_MOST_SLOT = 2**15 - 1
_MOST_SEQ = 2**31 - 1
# Devices forget what waits after a month.
_MOST_AGE_MS = 31 * 24 * 3600 * 1000

STATUS: Final[Mapping[Refusal, HTTPStatus]] = {
    Refusal.OVER: HTTPStatus.CONFLICT,
    Refusal.LATE: HTTPStatus.CONFLICT,
    Refusal.TAKEN_OVER: HTTPStatus.CONFLICT,
    Refusal.FULL: HTTPStatus.CONFLICT,
    Refusal.SEQUENCE_USED: HTTPStatus.CONFLICT,
    Refusal.UNREADABLE: HTTPStatus.BAD_REQUEST,
}


class NotTheProtocol(DomainError):
    """The request is none of the protocol; a program has a fault."""

    message = _("This device sent what the server does not understand. Open the page again.")


def read_changes(body: bytes) -> tuple[int, list[Change]]:
    """The epoch and the changes of `{"epoch": 1, "changes": [{"seq": 1, "slot": 0, "response": ...}, ...]}`; a change may have an `age_ms`.

    Raises `NotTheProtocol`.
    """
    if len(body) > MOST_BYTES:
        raise NotTheProtocol
    try:
        sent = json.loads(body, parse_constant=_refused)
    except (ValueError, RecursionError) as error:
        raise NotTheProtocol from error
    match sent:
        case {"epoch": epoch, "changes": [_first, *_rest] as changes} if len(changes) <= MOST_CHANGES:
            return _whole(epoch, 1, _MOST_EPOCH), [_change(one) for one in changes]
    raise NotTheProtocol


def _change(sent: Any) -> Change:
    match sent:
        case {"seq": seq, "slot": slot, "response": response, **others}:
            age = others.get("age_ms")
            age_ms = None if age is None else _whole(age, 0, _MOST_AGE_MS)
            return Change(_whole(seq, 1, _MOST_SEQ), _whole(slot, 0, _MOST_SLOT), response, age_ms)
    raise NotTheProtocol


def _whole(sent: Any, least: int, most: int) -> int:
    # True is a whole number in Python.
    if type(sent) is not int or not least <= sent <= most:
        raise NotTheProtocol
    return sent


def _refused(_constant: str) -> None:
    raise ValueError("NaN and Infinity are no JSON")


def problem(refusal: DomainError) -> JsonResponse:
    """RFC 9457, with `code`: why, in a word of the protocol; `seq` or `next` where a number is at fault."""
    code, status, facts = "malformed", HTTPStatus.BAD_REQUEST, {}
    if isinstance(refusal, SaveRefused):
        code, status = refusal.reason, STATUS[Refusal(refusal.reason)]
        facts = {name: fact for name, fact in refusal.facts.items() if name in ("seq", "next")}
    elif isinstance(refusal, OtherOffset):
        code, status, facts = "offset", HTTPStatus.CONFLICT, dict(refusal.facts)
    elif isinstance(refusal, TooManyAtOnce):
        code, status = "busy", HTTPStatus.SERVICE_UNAVAILABLE
    elif isinstance(refusal, FileRefused | TooManyFiles):
        code, status = "file", HTTPStatus.UNPROCESSABLE_ENTITY
    body = {
        "type": "about:blank",
        "title": status.phrase,
        "status": status,
        "detail": str(refusal),
        "code": code,
        **facts,
    }
    return JsonResponse(body, status=status, content_type="application/problem+json")
