"""Find changes to attendance made after it was frozen."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.models import Center
from live.queries.attendance_snapshots import findings_in, head_of


class Command(BaseCommand):
    help = "Check the frozen attendance of live classes, center by center, and name every later change."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--center", help="the number of one center; without it all are checked")

    def handle(self, *args: Any, **options: Any) -> None:
        centers = Center.objects.filter(
            pk__in=Center.objects.filter(live_attendance_snapshots__isnull=False).values("pk")
        )
        if options["center"]:
            centers = centers.filter(pk=options["center"])
        found = 0
        for center in centers.order_by("pk"):
            for finding in findings_in(center):
                meeting = finding.snapshot.session.class_session
                where = f"center {center.pk} #{finding.snapshot.number} {meeting.public_id} {meeting.title}"
                if finding.is_note:
                    self.stdout.write(f"note: {where}: {finding.what}")
                else:
                    found += 1
                    self.stderr.write(f"CHANGED: {where}: {finding.what}")
            last = head_of(center)
            if last:
                self.stdout.write(
                    f"center {center.pk} ({center}): {last.number} frozen, head {last.digest} of {last.frozen_at:%Y-%m-%d}"
                )
        if found:
            raise CommandError(f"{found} changes were found after the freeze.")
        self.stdout.write("Nothing was changed after the freeze.")
