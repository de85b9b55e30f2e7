"""What can be asked about videos."""

from media_pipeline.queries.videos import last_job_of, refusal_sentence, with_progress

__all__ = ["last_job_of", "refusal_sentence", "with_progress"]
