"""What can be asked about videos."""

from media_pipeline.queries.captions import has_captions, without_captions
from media_pipeline.queries.videos import last_job_of, refusal_sentence, with_progress

__all__ = ["has_captions", "last_job_of", "refusal_sentence", "with_progress", "without_captions"]
