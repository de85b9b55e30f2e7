"""Signals of the certificates app."""

from django.dispatch import Signal

credential_status_changed = Signal()
"""Certificates were issued, copied, suspended, reinstated, revoked, superseded or renewed.

Sent inside the transaction that wrote the events; a batch is one signal.
kwargs: `events` (the stored `StatusEvent` rows, in order; their `credential` is loaded).
"""
