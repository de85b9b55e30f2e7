"""The verbs of media."""

from media_pipeline.services.adopting import adopt_film, require_room
from media_pipeline.services.captions import (
    add_captions,
    add_chapters,
    add_cues,
    publish_captions,
    remove_captions,
    restore_revision,
    save_draft,
    start_captions,
    upload_draft,
)
from media_pipeline.services.checking import check_upload, keep_duplicate, sweep_uploads
from media_pipeline.services.counts import count_answers
from media_pipeline.services.films import film_address, lifetime_of, sweep_films, with_film_addresses
from media_pipeline.services.growing import (
    confined_ffmpeg,
    growing_folders,
    growing_path,
    sign_growing,
)
from media_pipeline.services.incoming import drop_upload, find_upload, note_arrival, start_upload
from media_pipeline.services.jobs.canceling import cancel_job
from media_pipeline.services.jobs.retrying import retry_job
from media_pipeline.services.jobs.starting import ladder_mark, reprocess_video, start_job
from media_pipeline.services.jobs.stopping import ask_to_stop
from media_pipeline.services.jobs.sweeping import sweep_jobs
from media_pipeline.services.jobs.working import run_job, work
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
from media_pipeline.services.removing import remove_video
from media_pipeline.services.room import guard_piece
from media_pipeline.services.titles import rename_video
from media_pipeline.services.transcribers import machine_languages
from media_pipeline.services.transcriptions import (
    run_transcription,
    start_transcription,
    sweep_transcriptions,
)
from media_pipeline.services.uploads import upload_video
from media_pipeline.services.watching import count_batch, forget_watch_sessions, too_many_batches

__all__ = [
    "Playback",
    "PlaybackCaptions",
    "PlaybackRendition",
    "add_captions",
    "add_chapters",
    "add_cues",
    "adopt_film",
    "ask_to_stop",
    "cancel_job",
    "check_upload",
    "confined_ffmpeg",
    "count_answers",
    "count_batch",
    "drop_upload",
    "end_addresses",
    "end_addresses_of_lapsed_roles",
    "film_address",
    "find_upload",
    "forget_watch_sessions",
    "growing_folders",
    "growing_path",
    "guard_piece",
    "keep_duplicate",
    "ladder_mark",
    "lifetime_of",
    "machine_languages",
    "note_arrival",
    "publish_captions",
    "remove_captions",
    "remove_video",
    "rename_video",
    "reprocess_video",
    "require_room",
    "restore_revision",
    "retry_job",
    "run_job",
    "run_transcription",
    "save_draft",
    "sign_growing",
    "sign_playback",
    "start_captions",
    "start_job",
    "start_transcription",
    "start_upload",
    "sweep_films",
    "sweep_jobs",
    "sweep_marks",
    "sweep_transcriptions",
    "sweep_uploads",
    "too_many_batches",
    "upload_draft",
    "upload_video",
    "viewer_of",
    "with_film_addresses",
    "work",
]
