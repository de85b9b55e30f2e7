"""Periodic and long tasks of live classes; each is idempotent."""

from celery.schedules import crontab

from jobs.declaring import Queue, task
from live.services.attendance import freeze_due_attendance
from live.services.decks import purge_uploads, render_deck
from live.services.notices import deliver_notices, plan_reminders
from live.services.recordings import make_recording as make_one_recording
from live.services.recordings import record_ended
from live.services.retention import purge_ended_connections
from live.services.retention import purge_recordings as purge_old_recordings
from live.services.sessions import end_overdue_rooms
from live.services.tickets import purge_used_tickets
from live.services.video import finish_abandoned_broadcasts
from live.services.voice import purge_voices


@task(Queue.DEFAULT, every=300)
def maintain_live_rooms() -> None:
    """End rooms that were left open, which writes their attendance; delete used tickets, old connections and voices."""
    end_overdue_rooms()
    freeze_due_attendance()
    purge_used_tickets()
    finish_abandoned_broadcasts()
    purge_ended_connections()
    purge_voices()


@task(Queue.MESSAGES, every=60)
def send_class_notices() -> None:
    """Plan reminders a day and an hour before classes, and notices of changes; send due ones."""
    plan_reminders()
    deliver_notices()


@task(Queue.MEDIA)
def render_slides(deck_id: int) -> None:
    """Render the pages of one upload."""
    render_deck(deck_id=deck_id)


@task(Queue.DEFAULT, every=crontab(hour=1, minute=55))
def purge_slide_uploads() -> None:
    """Delete uploads whose pages could not be rendered."""
    purge_uploads()


@task(Queue.MEDIA)
def make_recording(recording_id: int) -> None:
    """Make a video of a class."""
    make_one_recording(recording_id=recording_id)


@task(Queue.DEFAULT, every=60)
def record_ended_classes() -> None:
    """Record classes that have ended."""
    record_ended()


@task(Queue.DEFAULT, every=crontab(hour=1, minute=50))
def purge_recordings() -> None:
    """Purge recordings past their retention."""
    purge_old_recordings()
