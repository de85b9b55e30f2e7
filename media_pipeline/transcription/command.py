"""A recognizer that is any program: the operator gives its command line and its model."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from media_pipeline.transcoding.cues import Cue
from media_pipeline.transcoding.runner import run
from media_pipeline.transcription.adapter import OnTick, TranscriptionFailed, limits_for
from media_pipeline.transcription.results import read_result

RESULT = "words"


@dataclass(frozen=True, slots=True)
class CommandTranscriber:
    """Runs `command` in the sandbox, without a network.

    Its words may carry the places `{sound}`, `{output}`, `{language}` and `{model}`; nothing of it goes through a
    shell. It may read `model`, the folders in `readable` and the system's. It writes `{output}` as JSON, WebVTT or
    SubRip (see `results`); some programs add an ending to that name, which is found.
    """

    command: Sequence[str]
    model: str = ""
    readable: Sequence[Path] = ()
    languages: frozenset[str] = frozenset()

    def transcribe(self, sound: Path, language: str, *, seconds: float, on_tick: OnTick) -> list[Cue]:
        folder = sound.parent
        places = {
            "{sound}": str(sound),
            "{output}": str(folder / RESULT),
            "{language}": language,
            "{model}": self.model,
        }
        argv = [_filled(word, places) for word in self.command]
        readable = [*([Path(self.model)] if self.model else []), *self.readable]
        run(argv, folder=folder, limits=limits_for(seconds), readable=readable, on_tick=on_tick)
        written = sorted(folder.glob(f"{RESULT}*"))
        if not written:
            raise TranscriptionFailed("the recognizer wrote no words")
        return read_result(written[0])


def _filled(word: str, places: dict[str, str]) -> str:
    for place, value in places.items():
        word = word.replace(place, value)
    return word
