"""Signals to the apps that define the kinds of jobs."""

from django.dispatch import Signal

part_changed = Signal()
"""A job that is a part of another row was ended, waits again or was canceled; sender: its kind. kwargs: `whole_id`.

Sent inside the transaction of the change, with the row of the whole locked.
"""
