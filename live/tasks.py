"""Periodic sweeps; each is safe to run twice."""

from celery import shared_task

from live.services import (
    deliver_notices,
    end_forgotten_rooms,
    finish_left_broadcasts,
    forget_used_tickets,
    plan_reminders,
)


@shared_task
def sweep_live_rooms() -> None:
    end_forgotten_rooms()
    forget_used_tickets()
    finish_left_broadcasts()


@shared_task
def tell_of_live_classes() -> None:
    plan_reminders()
    deliver_notices()
