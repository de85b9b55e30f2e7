"""What can be asked about videos."""

from media_pipeline.queries.captions import has_captions, without_captions
from media_pipeline.queries.delivery import Delivered, delivered
from media_pipeline.queries.jobs import JobProgress, job_progress, steps_of
from media_pipeline.queries.notes import plan_sentences
from media_pipeline.queries.uploader import uploader_facts, uploads_as_facts
from media_pipeline.queries.uploads import arrived_bytes, same_videos, uploads_of, videos_like
from media_pipeline.queries.videos import (
    last_job_of,
    outdated_videos,
    refusal_sentence,
    refused_because,
    with_progress,
)
from media_pipeline.queries.watching import (
    MOST_HIDDEN_VIEWERS,
    Part,
    Share,
    Watching,
    qualities_of,
    quality_label,
    watching_of,
    with_watching,
)

__all__ = [
    "MOST_HIDDEN_VIEWERS",
    "Delivered",
    "JobProgress",
    "Part",
    "Share",
    "Watching",
    "arrived_bytes",
    "delivered",
    "has_captions",
    "job_progress",
    "last_job_of",
    "outdated_videos",
    "plan_sentences",
    "qualities_of",
    "quality_label",
    "refusal_sentence",
    "refused_because",
    "same_videos",
    "steps_of",
    "uploader_facts",
    "uploads_as_facts",
    "uploads_of",
    "videos_like",
    "watching_of",
    "with_progress",
    "with_watching",
    "without_captions",
]
