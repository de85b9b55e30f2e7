"""Problems of a caption file, as sentences a person can act on."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from media_pipeline.errors import CaptionsRefused
from media_pipeline.transcoding import webvtt
from media_pipeline.transcoding.srt import is_srt, webvtt_from_srt

PROBLEMS: dict[str, Promise] = {
    webvtt.NOT_TEXT: _("this is not UTF-8 text; save the file as UTF-8."),
    webvtt.TOO_LARGE: _("the file is larger than captions can be."),
    webvtt.NO_HEADER: _("the first line must be WEBVTT."),
    webvtt.NO_TIMING: _("a time like 00:01.000 --> 00:04.000 is expected here."),
    webvtt.ENDS_BEFORE_START: _("these words end before they begin."),
    webvtt.OUT_OF_ORDER: _("these words begin before the ones above them."),
    webvtt.NO_TEXT: _("there are no words under this time."),
    webvtt.NO_CUES: _("there are no captions in this file."),
    webvtt.NO_BLANK_LINE: _("an empty line is missing before this time."),
}


def read_upload(data: bytes) -> str:
    """WebVTT from a WebVTT or SubRip file. Raises CaptionsRefused with the line of that file."""
    try:
        return webvtt_from_srt(data) if is_srt(data) else webvtt.read_captions(data)
    except webvtt.BadCaptions as bad:
        raise CaptionsRefused(line=bad.line, problem=PROBLEMS[bad.problem]) from bad


def require_publishable(text: str) -> None:
    """Raise CaptionsRefused with the first problem of a draft."""
    for problem in webvtt.problems_in(text):
        raise CaptionsRefused(line=problem.line, problem=PROBLEMS[problem.code])


def sentences(text: str) -> list[tuple[int, str]]:
    """Line and sentence of each problem of a draft, in the reader's language."""
    return [(problem.line, str(PROBLEMS[problem.code])) for problem in webvtt.problems_in(text)]
