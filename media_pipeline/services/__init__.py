"""The verbs of media."""

from media_pipeline.services.captions import add_captions
from media_pipeline.services.jobs import cancel_job, retry_job, run_job
from media_pipeline.services.marks import (
    end_addresses,
    end_addresses_of_lapsed_roles,
    sweep_marks,
    viewer_of,
)
from media_pipeline.services.playback import (
    Playback,
    PlaybackCaptions,
    PlaybackRendition,
    sign_playback,
)
from media_pipeline.services.sweeping import sweep_jobs
from media_pipeline.services.titles import rename_video
from media_pipeline.services.uploads import upload_video
from media_pipeline.services.watching import count_batch, forget_watch_sessions, too_many_batches

__all__ = [
    "Playback",
    "PlaybackCaptions",
    "PlaybackRendition",
    "add_captions",
    "cancel_job",
    "count_batch",
    "end_addresses",
    "end_addresses_of_lapsed_roles",
    "forget_watch_sessions",
    "rename_video",
    "retry_job",
    "run_job",
    "sign_playback",
    "sweep_jobs",
    "sweep_marks",
    "too_many_batches",
    "upload_video",
    "viewer_of",
]
