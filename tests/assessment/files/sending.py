"""Files as a phone sends them: in pieces, or by the form of the page."""

import uuid
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from assessment.models import Attempt
from tests.factories.assessment import photo

PIECE = 4_000
# Of the question that asks for files, in the attempt of conftest.py.
SLOT = 1
WHOLE = photo(200)


def post(
    client: Client, attempt: Attempt, data: bytes, offset: int, length: int, **other: Any
) -> HttpResponse:
    facts = {"slot": SLOT, "sent_as": uuid.UUID(int=7), "epoch": attempt.epoch, **other}
    address = reverse("assessment:file_part", args=[attempt.public_id, facts["slot"], facts["sent_as"]])
    query = f"?epoch={facts['epoch']}&offset={offset}&length={length}"
    return client.post(address + query, data, content_type="application/octet-stream")


def sent(client: Client, attempt: Attempt, data: bytes = WHOLE, **other: Any) -> HttpResponse:
    """The answer to the last piece."""
    answer = None
    for offset in range(0, len(data), PIECE):
        answer = post(client, attempt, data[offset : offset + PIECE], offset, len(data), **other)
    assert answer is not None
    return answer


def named(
    client: Client, attempt: Attempt, ids: list[str] | None, *, seq: int = 1, slot: int = SLOT
) -> HttpResponse:
    changes = {"epoch": attempt.epoch, "changes": [{"seq": seq, "slot": slot, "response": ids}]}
    return client.post(
        reverse("assessment:changes", args=[attempt.public_id]), changes, content_type="application/json"
    )


def form(client: Client, attempt: Attempt, **fields: Any) -> HttpResponse:
    address = reverse("assessment:files", args=[attempt.public_id, SLOT])
    return client.post(address, {"epoch": attempt.epoch, **fields})


def upload(data: bytes, name: str = "صورة أحمد محمود.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def stored(attempt: Attempt) -> list[Path]:
    folder = Path(settings.PRIVATE_ROOT) / "answers" / str(attempt.public_id)
    return [path for path in folder.rglob("*") if path.is_file()] if folder.exists() else []
