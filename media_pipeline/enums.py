"""Enumerations of media."""

from django.db import models
from django.utils.translation import gettext_lazy as _

import jobs.enums


class VideoState(models.TextChoices):
    UPLOADED = "uploaded", _("waiting to be prepared")
    PROCESSING = "processing", _("being prepared")
    PUBLISHED = "published", _("ready")
    REFUSED = "refused", _("refused")
    FAILED = "failed", _("failed")


class JobState(models.TextChoices):
    """The state of a job: always what `services.jobs.recomputing.recompute_state` computes from its steps."""

    QUEUED = "queued", _("queued")
    RUNNING = "running", _("running")
    # It waits for an outside condition, which `TranscodeJob.hold` names.
    HELD = "held", _("waiting")
    DONE = "done", _("done")
    # The file breaks a rule: trying again will not help.
    REFUSED = "refused", _("refused")
    # Failed at every attempt: a person has to decide.
    QUARANTINED = "quarantined", _("quarantined")
    CANCELED = "canceled", _("canceled")


class UploadState(models.TextChoices):
    RECEIVING = "receiving", _("being uploaded")
    # Every byte has arrived; a worker reads the file.
    CHECKING = "checking", _("being checked")
    # The center has this file already: a person decides.
    DUPLICATE = "duplicate", _("already there")
    DONE = "done", _("uploaded")
    REFUSED = "refused", _("refused")
    DROPPED = "dropped", _("dropped")
    EXPIRED = "expired", _("expired")


# Their bytes lie on our disk.
OPEN_UPLOAD_STATES = (UploadState.RECEIVING, UploadState.CHECKING, UploadState.DUPLICATE)

LIVE_JOB_STATES = (JobState.QUEUED, JobState.RUNNING, JobState.HELD)


class StepKind(models.TextChoices):
    PROBE = "probe", _("reading the file")
    ANALYZE = "analyze", _("looking at pictures and sound")
    CHUNK = "chunk", _("encoding a part")
    SOUND = "sound", _("encoding the sound")
    ASSEMBLE = "assemble", _("joining and checking")


# A step is a leased job.
StepState = jobs.enums.JobState


class CaptionKind(models.TextChoices):
    """What a text track is for; the values are those of the HTML `track` element."""

    CAPTIONS = "captions", _("captions (with sounds described)")
    SUBTITLES = "subtitles", _("subtitles (translation)")
    CHAPTERS = "chapters", _("chapters")


class CaptionLanguage(models.TextChoices):
    """BCP 47 tags of the trainees' languages, migrants' included; each label is in its own language, as players show it."""

    ARABIC = "ar", "العربية"
    EGYPTIAN_ARABIC = "arz", "العربية المصرية"
    ENGLISH = "en", "English"
    FRENCH = "fr", "Français"
    AMHARIC = "am", "አማርኛ"
    TIGRINYA = "ti", "ትግርኛ"
    SOMALI = "so", "Soomaali"
    SWAHILI = "sw", "Kiswahili"


class CaptionOrigin(models.TextChoices):
    """Who wrote a revision of captions."""

    TYPED = "typed", _("written by a person")
    UPLOADED = "uploaded", _("uploaded")
    MACHINE = "machine", _("made by machine")
    RESTORED = "restored", _("brought back from the history")


class RefusalReason(models.TextChoices):
    """Why a file is not taken; the values are those of `media_pipeline.transcoding.failures.Reason`.

    A label may have `%(name)s` placeholders, filled from the case.
    """

    EMPTY = "empty", _("The file is empty. Choose it again, perhaps the upload was interrupted.")
    TEXT = "text", _("This is a text or a playlist, not a video or sound file. Choose the recording itself.")
    UNKNOWN = "unknown", _("This is not a video or sound file we know. Save it as MP4 and upload it again.")
    UNREADABLE = (
        "unreadable",
        _(
            "The file is damaged and cannot be read. Copy it from the phone or camera again and upload it again."
        ),
    )
    NO_STREAMS = "no_streams", _("There is neither picture nor sound in this file.")
    TOO_MANY_STREAMS = "too_many_streams", _("The file holds too many tracks. Save it as a plain MP4.")
    TOO_LONG = (
        "too_long",
        _("The video lasts %(minutes)s minutes; at most %(limit)s are accepted. Cut it into lessons."),
    )
    TOO_SHORT = "too_short", _("The video is too short: %(seconds)s s.")
    TOO_LARGE_PICTURE = (
        "too_large_picture",
        _("The picture is too large: %(width)s × %(height)s points. Record at 1080p or below."),
    )
    STRETCHED = (
        "stretched",
        _(
            "The file says that its pixels are stretched %(shape)s, which no screen can show. Export it again with square pixels."
        ),
    )
    TRUNCATED = (
        "truncated",
        _(
            "The file is cut off: it says %(declared)s s but holds %(seconds)s s. Upload the whole file again."
        ),
    )
    HDR = (
        "hdr",
        _(
            "The film has HDR colors, which this server cannot convert. Switch HDR off in the camera or export as SDR."
        ),
    )
    TOO_MANY_BYTES = "too_many_bytes", _("The file is too large: at most %(limit)s MB are accepted.")


class PlanNote(models.TextChoices):
    """A decision of the plan of a video and its reason; the values are those of `transcoding.notes.NoteCode`.

    A label may have `%(name)s` placeholders, filled from the case.
    """

    CAMERA = "camera", _("Filmed with a camera.")
    SCREENCAST = (
        "screencast",
        _("A recorded screen: at most 15 pictures a second, which is enough for it and saves data."),
    )
    SLIDES = "slides", _("Still pictures with sound: at most 10 pictures a second.")
    AUDIO_ONLY = "audio_only", _("There is no moving picture: prepared as sound only.")
    NO_SOUND = "no_sound", _("The file has no sound.")
    SILENT = "silent", _("The sound track is silent. Was the microphone off?")
    SOUND_LEVELED = (
        "sound_leveled",
        _("The sound was brought from %(loudness)s to -16 LUFS, so that all lessons are equally loud."),
    )
    SOUNDS_KEPT = (
        "sounds_kept",
        _("%(count)s sound tracks are kept; who watches chooses, and the first one plays unless they do."),
    )
    SOUNDS_LEFT_OUT = "sounds_left_out", _("%(count)s further sound tracks were left out.")
    SURROUND_MIXED = "surround_mixed", _("Surround sound with %(channels)s channels was mixed to one.")
    PORTRAIT = "portrait", _("Held upright: the qualities count the width.")
    KEPT_SMALL = "kept_small", _("The picture is small (%(short_side)s points) and keeps its size.")
    NEVER_LARGER = (
        "never_larger",
        _("No quality above %(largest)sp: the picture has %(short_side)s points and is never blown up."),
    )
    BITS_CAPPED = "bits_capped", _("At most %(kilobits)s kbit/s: the file itself has %(source)s.")
    FRAME_RATE_LOWERED = "frame_rate_lowered", _("Pictures a second lowered from %(source)s to %(fps)s.")
    FRAME_RATE_EVENED = (
        "frame_rate_evened",
        _("The pictures come unevenly (about %(source)s a second); prepared with %(fps)s."),
    )
    DEINTERLACED = "deinterlaced", _("Half pictures of old cameras were joined to whole ones.")
    TONE_MAPPED = "tone_mapped", _("HDR colors were converted to those every phone shows.")
    DEPTH_LOWERED = "depth_lowered", _("Colors of %(depth)s bits were reduced to 8, which every phone plays.")
    PICTURE_ENDS_FIRST = (
        "picture_ends_first",
        _("The picture ends at %(picture)s s of %(seconds)s s; the last one stays on the screen."),
    )
    FEW_KEY_FRAMES = (
        "few_key_frames",
        _("The file can be entered only every %(seconds)s s, so it is prepared in longer pieces."),
    )
    DAMAGED = (
        "damaged",
        _(
            "Places in the file are damaged: the picture freezes there. Watch it before you publish it, or "
            "upload the file again."
        ),
    )
    CHUNKED = "chunked", _("Prepared in %(count)s pieces of %(seconds)s s.")
    TWO_PHASES = "two_phases", _("The small qualities come first (%(first)s) and can be watched at once.")
    AV1_ADDED = "av1_added", _("A second set in AV1, for phones that can play it.")
    AV1_MISSING = "av1_missing", _("AV1 is asked for, but this server's ffmpeg cannot make it.")
