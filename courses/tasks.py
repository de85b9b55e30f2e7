"""Tasks that index programs for the search, end held seats, send notices of seats and import lists; on demand and periodic."""

from celery import shared_task

from courses.services import (
    announcements,
    attendance,
    attendance_notices,
    call_backs,
    complaint_notices,
    complaints,
    content,
    correction_notices,
    imports,
    notices,
    question_notices,
    search_index,
    seats,
)


@shared_task
def index_programs() -> None:
    """Index what changed."""
    search_index.index_programs()


@shared_task
def index_all_programs() -> None:
    """Index everything: cohorts end with the day."""
    search_index.index_all()


@shared_task
def complete_who_is_eligible(version_id: int) -> None:
    """Complete who has all that is asked after content was corrected; closing a cohort does the same."""
    content.complete_who_is_eligible(version_id=version_id)


@shared_task
def evaluate_ended_sessions() -> None:
    """Complete who is eligible by classes that ended since their attendance was recorded."""
    attendance.evaluate_ended_sessions()


@shared_task
def expire_holds() -> None:
    """Offer the seats whose time is over to the next in line."""
    seats.expire_holds()


@shared_task
def send_seat_notices() -> None:
    """Tell people what happened to their seats."""
    notices.send_seat_notices()


@shared_task
def send_attendance_notices() -> None:
    """Tell trainees of marks of attendance that were corrected."""
    attendance_notices.send_attendance_notices()


@shared_task
def send_correction_notices() -> None:
    """Tell trainees of urgent corrections of what they study."""
    correction_notices.write_correction_notices()
    correction_notices.send_correction_notices()


@shared_task(time_limit=300)
def note_recipients(job_id: int) -> None:
    """Note whom a message of staff is for, for a minute at most; what is left is dispatched again."""
    announcements.note_recipients(job_id=job_id)


@shared_task
def send_announcements() -> None:
    """Send messages of staff to their receivers."""
    announcements.send_announcements()


@shared_task(time_limit=600)
def run_import(run_id: int) -> None:
    """Check or import the lines of a file, for a minute at most; what is left is dispatched again."""
    imports.work_on_import(run_id=run_id)


@shared_task
def purge_imports() -> None:
    """Delete the files of old imports."""
    imports.purge_imports()


@shared_task
def send_complaint_notices() -> None:
    """Tell citizens that their complaint has a question or an answer."""
    complaint_notices.send_complaint_notices()


@shared_task
def send_question_notices() -> None:
    """Tell trainees that their question was answered, and instructors in the morning how many wait."""
    question_notices.send_question_notices()


@shared_task
def tend_complaints() -> None:
    """Read the clocks of open complaints again; delete those that were closed long ago."""
    complaints.read_clocks_again()
    complaints.purge_complaints()


@shared_task
def purge_call_backs() -> None:
    """Delete requests for a call that were closed weeks ago."""
    call_backs.purge_call_backs()
