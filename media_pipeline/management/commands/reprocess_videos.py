"""``manage.py reprocess_videos``: prepare videos again that were made with an older ladder."""

from typing import Any

from django.core.management import BaseCommand, CommandParser

from media_pipeline.errors import JobInProgress
from media_pipeline.models import Video
from media_pipeline.queries.videos import outdated_videos
from media_pipeline.services.jobs.starting import ladder_fingerprint, reprocess_video


class Command(BaseCommand):
    help = "Queue videos that were prepared with another ladder. Trainees keep the version they have until the new one is whole."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--limit", type=int, help="at most so many, the newest first")
        parser.add_argument(
            "--video", type=int, metavar="KEY", help="this video, with whatever it was prepared"
        )
        parser.add_argument("--dry-run", action="store_true", help="only say which")

    def handle(self, *, limit: int | None, video: int | None, dry_run: bool, **_: Any) -> None:
        queued = 0
        found = (
            outdated_videos(ladder_fingerprint())[:limit] if video is None else Video.objects.filter(pk=video)
        )
        for each in found:
            if not dry_run:
                try:
                    reprocess_video(video=each, by=None)
                except JobInProgress:
                    # It is queued already.
                    continue
            queued += 1
            self.stdout.write(f"{each.pk} {each.title}")
        self.stdout.write(f"{queued} videos {'would be ' if dry_run else ''}queued")
