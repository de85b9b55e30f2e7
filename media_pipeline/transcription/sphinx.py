"""PocketSphinx with the small English model of its wheel: for a demonstration, and for tests with real speech."""

import importlib.util
import sys
from dataclasses import dataclass
from pathlib import Path

from media_pipeline.transcoding.cues import Cue
from media_pipeline.transcription.adapter import OnTick
from media_pipeline.transcription.command import CommandTranscriber

PROGRAM = Path(__file__).with_name("sphinx_program.py")


def packages_folder() -> Path | None:
    """Where the optional package lies; None where it is not installed."""
    spec = importlib.util.find_spec("pocketsphinx")
    return Path(spec.origin).parent.parent if spec and spec.origin else None


@dataclass(frozen=True, slots=True)
class SphinxTranscriber:
    """Runs the program of this package in a sandboxed process that can read its packages and nothing of the site."""

    packages: Path
    languages: frozenset[str] = frozenset({"en"})

    def transcribe(self, sound: Path, language: str, *, seconds: float, on_tick: OnTick) -> list[Cue]:
        command = [sys.executable, "-I", str(PROGRAM), "{sound}", "{output}", str(self.packages)]
        readable = [PROGRAM, self.packages, Path(sys.base_prefix)]
        runner = CommandTranscriber(command, readable=readable)
        return runner.transcribe(sound, language, seconds=seconds, on_tick=on_tick)
