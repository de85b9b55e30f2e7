"""What media answers outside the staff workplace."""

from media_pipeline.views.streams import refuse_stream, serve_stream

__all__ = ["refuse_stream", "serve_stream"]
