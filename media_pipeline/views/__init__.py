"""What media answers outside the staff workplace."""

from media_pipeline.views.streams import refuse_stream, serve_stream
from media_pipeline.views.telemetry import count_watching

__all__ = ["count_watching", "refuse_stream", "serve_stream"]
