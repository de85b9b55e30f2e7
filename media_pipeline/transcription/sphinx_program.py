"""Recognizes English speech: `python sphinx_program.py <16 kHz mono wav> <target> <packages>`. Imports nothing of the site.

Writes a list of `{"start_ms", "end_ms", "text"}` as JSON.
"""

import json
import re
import sys
import wave
from collections.abc import Iterator
from pathlib import Path
from typing import Any

LONGEST_CUE_MS = 5_000
# Silence and noise are tokens in brackets; `read(2)` is the second pronunciation of `read`.
FILLER = re.compile(r"[<\[].*|\+\+.*")
VARIANT = re.compile(r"\(\d+\)$")

Word = tuple[int, int, str]


def main() -> None:
    sound, target, packages = sys.argv[1:]
    sys.path.append(packages)
    Path(target).write_text(json.dumps(list(cues(sound))), encoding="utf-8")


def cues(sound: str) -> Iterator[dict[str, Any]]:
    """The words of a file, utterance by utterance."""
    import pocketsphinx  # noqa: PLC0415 - optional dependency

    with wave.open(sound) as file:
        decoder = pocketsphinx.Decoder(samprate=file.getframerate(), loglevel="FATAL")
        speech = pocketsphinx.Endpointer(sample_rate=file.getframerate())
        size, begin, is_last = speech.frame_bytes, 0.0, False
        while not is_last:
            frame = file.readframes(size // 2)
            is_last, was_in_speech = len(frame) < size, speech.in_speech
            heard = speech.end_stream(frame) if is_last else speech.process(frame)
            if heard is not None and not was_in_speech:
                decoder.start_utt()
                begin = speech.speech_start
            if heard is not None:
                decoder.process_raw(heard)
            if was_in_speech and (is_last or not speech.in_speech):
                decoder.end_utt()
                yield from phrases(decoder, begin)


def phrases(decoder: Any, begin: float) -> Iterator[dict[str, Any]]:
    """One utterance, cut at pauses and after a few seconds. `begin` is its first second."""
    rate = decoder.config["frate"]
    words: list[Word] = []
    for segment in decoder.seg() or ():
        start = round((begin + segment.start_frame / rate) * 1000)
        end = round((begin + (segment.end_frame + 1) / rate) * 1000)
        is_filler = FILLER.fullmatch(segment.word)
        if words and (is_filler or end - words[0][0] > LONGEST_CUE_MS):
            yield cue(words)
            words = []
        if not is_filler:
            words.append((start, end, VARIANT.sub("", segment.word)))
    if words:
        yield cue(words)


def cue(words: list[Word]) -> dict[str, Any]:
    return {
        "start_ms": words[0][0],
        "end_ms": words[-1][1],
        "text": " ".join(word for _, _, word in words),
    }


if __name__ == "__main__":
    main()
