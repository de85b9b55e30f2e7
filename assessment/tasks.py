"""Tasks that close attempts, mark again by corrected keys and tell of it, calculate figures, and bring questions in; on demand and periodic."""

from celery.schedules import crontab

from assessment.services import (
    accommodation_notices,
    answer_files,
    appeal_notices,
    attempt_notices,
    closing,
    exam_notices,
    figures,
    question_imports,
    regrades,
    result_notices,
    score_notices,
)
from jobs.declaring import Queue, task


# People wait for their result, those of a room at once.
@task(Queue.DEFAULT, every=10, drops_late=True)
def close_expired_attempts() -> None:
    """Close and mark what ran out of time."""
    closing.close_expired_attempts()


@task(Queue.DEFAULT, every=crontab(minute=25))
def purge_answer_files() -> None:
    """Delete files that no answer of an ended attempt names."""
    answer_files.purge_answer_files()


@task(Queue.DEFAULT)
def regrade(regrade_id: int) -> None:
    """Count or mark again what a corrected key changes, for a minute at a time."""
    regrades.work_on_regrade(regrade_id=regrade_id)


@task(Queue.MESSAGES, every=60)
def send_score_notices() -> None:
    """Tell trainees of results that were corrected."""
    score_notices.send_score_notices()


@task(Queue.MESSAGES, every=60)
def send_attempt_notices() -> None:
    """Tell trainees what was decided about their attempts."""
    attempt_notices.send_attempt_notices()


@task(Queue.MESSAGES, every=60)
def send_appeal_notices() -> None:
    """Tell trainees of answers to their appeals."""
    appeal_notices.send_appeal_notices()


@task(Queue.DEFAULT, time_limit=1800)
def analyze_items(analysis_id: int) -> None:
    """Calculate and keep the figures of questions: for a minute where there are 50,000 attempts."""
    figures.work_on_analysis(analysis_id=analysis_id)


@task(Queue.DEFAULT, every=crontab(hour="1-4", minute="*/5"))
def analyze_bank() -> None:
    """Have questions of the bank analyzed that were asked since, for their authors: some at a time."""
    figures.analyze_bank()


@task(Queue.DEFAULT)
def run_question_import(run_id: int) -> None:
    """Check the questions of a file or write them as drafts, for a minute at a time."""
    question_imports.work_on_file(run_id=run_id)


@task(Queue.DEFAULT, every=crontab(hour=22, minute=45))
def purge_question_imports() -> None:
    """Delete files of questions that no one brought in, and what was said of old ones."""
    question_imports.purge_files()


@task(Queue.MESSAGES, every=60)
def send_result_notices() -> None:
    """Tell trainees of results that waited for marks."""
    result_notices.send_result_notices()


@task(Queue.MESSAGES, every=60)
def send_exam_notices() -> None:
    """Find exams that were moved or canceled in the timetable; tell trainees of those and of planned ones."""
    exam_notices.send_exam_notices()


@task(Queue.MESSAGES, every=60)
def send_accommodation_notices() -> None:
    """Tell trainees of what they have in tests."""
    accommodation_notices.send_accommodation_notices()
