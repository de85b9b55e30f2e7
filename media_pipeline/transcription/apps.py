from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TranscriptionConfig(AppConfig):
    name = "media_pipeline.transcription"
    verbose_name = _("Drafts of captions by machine")

    def ready(self) -> None:
        from media_pipeline.services.transcribers import FINDERS  # noqa: PLC0415 - needs the app registry
        from media_pipeline.transcription import checks  # noqa: F401, PLC0415 - needs the app registry
        from media_pipeline.transcription.recognizers import (  # noqa: PLC0415 - needs the app registry
            find_transcriber,
        )

        FINDERS.append(find_transcriber)
