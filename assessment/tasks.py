"""Tasks that close attempts, mark again by corrected keys and tell of it, calculate figures, and bring questions in; on demand and periodic."""

from celery import shared_task

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


@shared_task
def close_expired_attempts() -> None:
    """Close and mark what ran out of time."""
    closing.close_expired_attempts()


@shared_task
def purge_answer_files() -> None:
    """Delete files that no answer of an ended attempt names."""
    answer_files.purge_answer_files()


@shared_task
def regrade(regrade_id: int) -> None:
    """Count or mark again what a corrected key changes, for a minute at a time."""
    regrades.work_on_regrade(regrade_id=regrade_id)


@shared_task
def send_score_notices() -> None:
    """Tell trainees of results that were corrected."""
    score_notices.send_score_notices()


@shared_task
def send_attempt_notices() -> None:
    """Tell trainees what was decided about their attempts."""
    attempt_notices.send_attempt_notices()


@shared_task
def send_appeal_notices() -> None:
    """Tell trainees of answers to their appeals."""
    appeal_notices.send_appeal_notices()


@shared_task(time_limit=1800)
def analyze_items(analysis_id: int) -> None:
    """Calculate and keep the figures of questions: for minutes where there are very many attempts."""
    figures.work_on_analysis(analysis_id=analysis_id)


@shared_task
def analyze_bank() -> None:
    """Have the questions of the bank analyzed that were asked since."""
    figures.analyze_bank()


@shared_task
def run_question_import(run_id: int) -> None:
    """Check the questions of a file or write them as drafts, for a minute at a time."""
    question_imports.work_on_file(run_id=run_id)


@shared_task
def purge_question_imports() -> None:
    """Delete files of questions that no one brought in, and what was said of old ones."""
    question_imports.purge_files()


@shared_task
def send_result_notices() -> None:
    """Tell trainees of results that waited for marks."""
    result_notices.send_result_notices()


@shared_task
def send_exam_notices() -> None:
    """Find exams that were moved or canceled in the timetable; tell trainees of those and of planned ones."""
    exam_notices.send_exam_notices()


@shared_task
def send_accommodation_notices() -> None:
    """Tell trainees of what they have in tests."""
    accommodation_notices.send_accommodation_notices()
