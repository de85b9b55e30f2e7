"""Signals to the apps that show videos."""

from django.dispatch import Signal

version_published = Signal()
"""A video has a new published version; sender: `PublishedVersion`. kwargs: `version`.

Sent inside the transaction that publishes it, with the row of the video locked.
"""
