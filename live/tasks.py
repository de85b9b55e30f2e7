"""Periodic sweeps; each is safe to run twice."""

from celery import shared_task

from live.services import (
    deliver_notices,
    end_forgotten_rooms,
    finish_left_broadcasts,
    forget_used_tickets,
    freeze_due_attendance,
    plan_reminders,
)
from live.services.decks import render_deck, sweep_decks


@shared_task
def sweep_live_rooms() -> None:
    end_forgotten_rooms()
    freeze_due_attendance()
    forget_used_tickets()
    finish_left_broadcasts()


@shared_task
def tell_of_live_classes() -> None:
    plan_reminders()
    deliver_notices()


@shared_task(acks_late=True, reject_on_worker_lost=True, ignore_result=True)
def render_slides(deck_id: int) -> None:
    """Draw the pages of one upload."""
    render_deck(deck_id=deck_id)


@shared_task(ignore_result=True)
def sweep_slides() -> None:
    """Ring again for uploads whose pages nobody draws. For beat, every minute."""
    sweep_decks()
