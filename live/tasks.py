"""Periodic sweeps; each is safe to run twice."""

from celery import shared_task

from live.services import end_forgotten_rooms, forget_used_tickets


@shared_task
def sweep_live_rooms() -> None:
    end_forgotten_rooms()
    forget_used_tickets()
