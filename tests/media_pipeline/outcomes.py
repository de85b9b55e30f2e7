"""The outcome of an upload."""

from collections.abc import Callable
from pathlib import Path

from django.utils import translation

from media_pipeline.folders import published_folder
from media_pipeline.models import Video
from media_pipeline.queries.videos import refusal_sentence
from media_pipeline.transcoding.plan import Plan, plan_from_json

Prepare = Callable[[Path], Video]


def folder_of(video: Video) -> Path:
    assert video.published, video.refusal
    return published_folder() / video.published.path


def plan_of(video: Video) -> Plan:
    assert video.published, video.refusal
    return plan_from_json(video.published.plan)


def notes(video: Video) -> set[str]:
    return {reason["code"] for reason in plan_of(video).reasons}


def refusal(video: Video) -> str:
    with translation.override("en"):
        return refusal_sentence(video)
