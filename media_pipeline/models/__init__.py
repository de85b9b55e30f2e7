from media_pipeline.models.captions import CaptionRevision, CaptionTrack
from media_pipeline.models.delivery import DeliveredBytes, DeliveryLog, PlaybackRevocation
from media_pipeline.models.jobs import TranscodeJob, TranscodeStep
from media_pipeline.models.transcriptions import Transcription
from media_pipeline.models.uploads import MediaQuota, Upload
from media_pipeline.models.versions import PublishedFile, PublishedVersion, Rendition
from media_pipeline.models.videos import Video
from media_pipeline.models.watching import BucketTally, RenditionTally, WatchSession, WatchTally

__all__ = [
    "BucketTally",
    "CaptionRevision",
    "CaptionTrack",
    "DeliveredBytes",
    "DeliveryLog",
    "MediaQuota",
    "PlaybackRevocation",
    "PublishedFile",
    "PublishedVersion",
    "Rendition",
    "RenditionTally",
    "TranscodeJob",
    "TranscodeStep",
    "Transcription",
    "Upload",
    "Video",
    "WatchSession",
    "WatchTally",
]
