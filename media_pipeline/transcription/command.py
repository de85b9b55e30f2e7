"""Any program as a recognizer: the operator configures its command line and model."""

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

    Its arguments may contain `{sound}`, `{output}`, `{language}` and `{model}`; it does not run through a shell. It may
    read `model`, the folders in `readable` and the system's. It writes `{output}` as JSON, WebVTT or SubRip (see
    `results`); a suffix that the program adds to that name is accepted.
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
