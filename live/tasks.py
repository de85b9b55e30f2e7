"""Periodic and long tasks of live classes; each is idempotent."""

from celery import shared_task

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


@shared_task
def maintain_live_rooms() -> None:
    end_overdue_rooms()
    freeze_due_attendance()
    purge_used_tickets()
    finish_abandoned_broadcasts()
    purge_ended_connections()
    purge_voices()


@shared_task
def send_class_notices() -> None:
    plan_reminders()
    deliver_notices()


@shared_task(acks_late=True, reject_on_worker_lost=True, ignore_result=True)
def render_slides(deck_id: int) -> None:
    """Render the pages of one upload."""
    render_deck(deck_id=deck_id)


@shared_task(ignore_result=True)
def purge_slide_uploads() -> None:
    """Delete uploads whose pages could not be rendered. For beat, once a day."""
    purge_uploads()


@shared_task(acks_late=True, reject_on_worker_lost=True, ignore_result=True)
def make_recording(recording_id: int) -> None:
    """Make a video of a class."""
    make_one_recording(recording_id=recording_id)


@shared_task(ignore_result=True)
def record_ended_classes() -> None:
    """Record classes that have ended. For beat, every minute."""
    record_ended()


@shared_task(ignore_result=True)
def purge_recordings() -> None:
    """Purge recordings past their retention. For beat, once a day."""
    purge_old_recordings()
