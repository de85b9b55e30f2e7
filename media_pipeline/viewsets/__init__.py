"""Media in the staff workplace."""

from media_pipeline.viewsets.choosers import video_chooser
from media_pipeline.viewsets.videos import video_viewset

__all__ = ["video_chooser", "video_viewset"]
