"""Telemetry batches as players send them."""

import json
import secrets
from typing import Any

from django.test import Client

from media_pipeline.models import Video
from media_pipeline.services.revocations import viewer_tag
from media_pipeline.services.watching import count_batch
from media_pipeline.telemetry import Batch


def new_session() -> str:
    return secrets.token_urlsafe(16)


def batch_of(plays: dict[int, int] | None = None, **facts: Any) -> dict[str, Any]:
    """Half a minute of watching, as JSON; `facts` change single keys."""
    plays = {0: 1, 1: 1} if plays is None else plays
    return {
        "session": "s" * 22,
        "number": 0,
        "elapsed": 30_000,
        "plays": [[bucket, times] for bucket, times in sorted(plays.items())],
        "rungs": {"144p": 10_000},
        "stalls": {"count": 0, "milliseconds": 0},
        "start": None,
        "bytes": 100_000,
        **facts,
    }


def watch(video: Video, viewer: int, plays: dict[int, int], **facts: object) -> None:
    """Let a viewer open a page with `video` and play these buckets."""
    batch = batch_of(plays, session=new_session(), **{"elapsed": 60_000, **facts})
    count_batch(
        version=video.published,
        viewer=viewer_tag(f"user-{viewer}"),
        batch=Batch.from_json(json.dumps(batch).encode()),
    )


def post(address: str, batch: Any, **headers: str) -> Any:
    body = batch if isinstance(batch, bytes) else json.dumps(batch)
    return Client(enforce_csrf_checks=True).post(address, body, "application/json", headers=headers)
