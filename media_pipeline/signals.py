"""Facts other apps may answer."""

from django.dispatch import Signal

video_ready = Signal()
"""A version of a video was published and can be watched.

Sent by `services.publishing.publish_version` inside its transaction, with `send` (receivers fail together
with it), once per published version.

kwargs:
    video: the `media_pipeline.models.Video`, its `published` already pointing at the version.
    version: the new `media_pipeline.models.PublishedVersion`.
"""
