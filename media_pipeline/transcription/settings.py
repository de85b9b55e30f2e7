"""Settings of the recognizer."""

from environs import Env

env = Env()

# Drafts of captions by machine. Empty: off; "command": the operator's program; "pocketsphinx": that of the demo extra.
TRANSCRIPTION_ADAPTER = env.str("TRANSCRIPTION_ADAPTER", default="")
# Run without a shell or a network; {sound}, {output}, {language} and {model} are filled in.
TRANSCRIPTION_COMMAND = env.str("TRANSCRIPTION_COMMAND", default="")
TRANSCRIPTION_MODEL = env.str("TRANSCRIPTION_MODEL", default="")
# Folders that the program may read besides the system's, such as its own environment.
TRANSCRIPTION_READABLE: list[str] = env.list("TRANSCRIPTION_READABLE", default=[])
TRANSCRIPTION_LANGUAGES: list[str] = env.list("TRANSCRIPTION_LANGUAGES", default=[])
