"""Listen for OBS."""

import asyncio
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from live.obs.listener import ObsListener
from media_pipeline.services.sandbox import SandboxMissing, require_sandbox


class Command(BaseCommand):
    help = "Listen on LIVE_SRT_PORT (UDP) for instructors who send their classes with OBS, until it is ended."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--address", default="0.0.0.0", help="the address to listen on")  # noqa: S104

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.LIVE_SRT_PORT:
            raise CommandError("Set LIVE_SRT_PORT to the UDP port on which to listen for OBS.")
        try:
            require_sandbox()
        except SandboxMissing as missing:
            raise CommandError(str(missing)) from missing
        asyncio.run(ObsListener(address=options["address"], port=settings.LIVE_SRT_PORT).run())
