"""Publishes a package made earlier."""

from pathlib import Path

from media_pipeline import stores
from media_pipeline.models import Video
from media_pipeline.services.publishing import publish_version
from media_pipeline.transcoding.plan import Plan


def publish_prepared(video: Video, plan: Plan, package: Path) -> Video:
    """Publish a package as a worker does at the end of a job. The package is moved."""
    rendition_set = stores.current_store().put(package, owner=video.public_id.hex, on_tick=lambda: None)
    publish_version(video=video, plan=plan, package=package, rendition_set=rendition_set)
    return video
