"""Drafts and publishes captions."""

from media_pipeline.services.captions.drafts import restore_revision, save_draft, start_captions, upload_draft
from media_pipeline.services.captions.releases import (
    add_captions,
    add_chapters,
    add_cues,
    publish_captions,
    remove_captions,
)

__all__ = [
    "add_captions",
    "add_chapters",
    "add_cues",
    "publish_captions",
    "remove_captions",
    "restore_revision",
    "save_draft",
    "start_captions",
    "upload_draft",
]
