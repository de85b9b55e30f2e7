from media_pipeline.models.jobs import TranscodeJob
from media_pipeline.models.versions import PublishedVersion, Rendition
from media_pipeline.models.videos import CaptionTrack, Video

__all__ = ["CaptionTrack", "PublishedVersion", "Rendition", "TranscodeJob", "Video"]
