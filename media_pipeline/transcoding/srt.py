"""SubRip (.srt) captions to WebVTT. The format has no standard; this reads what the common tools write."""

import re

from media_pipeline.transcoding.webvtt import BadCaptions, decode, problems_in

MOMENT = r"(\d{1,3}):(\d{1,2}):(\d{1,2})[,.](\d{1,3})"
TIMING = re.compile(rf"[ \t]*{MOMENT}[ \t]*-->[ \t]*{MOMENT}(?:[ \t].*)?", re.ASCII)
# Bold, italic and underlined text mean the same in both; colors and positions have no place in ours.
KEPT_TAG = re.compile(r"</?[biu]>", re.IGNORECASE)
DROPPED = re.compile(r"</?font[^<>]*>|\{\\[^{}]*\}", re.IGNORECASE)
# The lines that come before the first of the file.
HEADER = ("WEBVTT", "")


def is_srt(data: bytes) -> bool:
    """Say whether the first lines look like SubRip rather than WebVTT."""
    try:
        head = decode(data).split("\n")[:20]
    except BadCaptions:
        return False
    first = next((line for line in head if line.strip()), "")
    return not first.startswith("WEBVTT") and any(TIMING.fullmatch(line) for line in head)


def webvtt_from_srt(data: bytes) -> str:
    """WebVTT with the words and times of a SubRip file. Raises BadCaptions with the line of that file."""
    lines = decode(data).removesuffix("\n").split("\n")
    text = "\n".join([*HEADER, *_converted(lines)]) + "\n"
    problems = problems_in(text)
    if problems:
        raise BadCaptions(max(1, problems[0].line - len(HEADER)), problems[0].code)
    return text


def _converted(lines: list[str]) -> list[str]:
    """Line by line, so that problems keep their line numbers."""
    converted = []
    for number, line in enumerate(lines):
        timing = TIMING.fullmatch(line)
        is_counter = (
            line.strip().isdecimal() and number + 1 < len(lines) and TIMING.fullmatch(lines[number + 1])
        )
        if timing:
            start, end = _stamp(timing.groups()[:4]), _stamp(timing.groups()[4:8])
            converted.append(f"{start} --> {end}")
        else:
            converted.append(line.strip() if is_counter else _words(line))
    return converted


def _stamp(parts: tuple[str, ...]) -> str:
    hours, minutes, seconds, thousandths = parts
    return f"{int(hours):02}:{int(minutes):02}:{int(seconds):02}.{thousandths.ljust(3, '0')}"


def _words(line: str) -> str:
    plain = DROPPED.sub("", line)
    kept = KEPT_TAG.findall(plain)
    parts = [part.replace("&", "&amp;").replace("<", "&lt;") for part in KEPT_TAG.split(plain)]
    tags = [*(tag.lower() for tag in kept), ""]
    return "".join(part + tag for part, tag in zip(parts, tags, strict=True))
