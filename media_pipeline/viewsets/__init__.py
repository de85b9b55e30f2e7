"""Media in the staff workplace."""

from media_pipeline.viewsets.captions import captions_viewset, without_captions_item
from media_pipeline.viewsets.choosers import video_chooser
from media_pipeline.viewsets.quotas import media_quota_viewset
from media_pipeline.viewsets.transcriptions import transcription_viewset
from media_pipeline.viewsets.videos import video_viewset

__all__ = [
    "captions_viewset",
    "media_quota_viewset",
    "transcription_viewset",
    "video_chooser",
    "video_viewset",
    "without_captions_item",
]
