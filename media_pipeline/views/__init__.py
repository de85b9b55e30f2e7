"""Views outside the staff workplace."""

from media_pipeline.views.bucket_streams import serve_bucket_stream
from media_pipeline.views.streams import refuse_stream, serve_live_stream, serve_stream
from media_pipeline.views.telemetry import count_watching
from media_pipeline.views.uploads import drop, keep, uploads_page, uploads_state

__all__ = [
    "count_watching",
    "drop",
    "keep",
    "refuse_stream",
    "serve_bucket_stream",
    "serve_live_stream",
    "serve_stream",
    "uploads_page",
    "uploads_state",
]
