"""Tasks that index programs for the search, end held seats, send notices of seats and import lists; on demand and periodic."""

from celery.schedules import crontab

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
from jobs.declaring import Queue, task


@task(Queue.DEFAULT, every=60)
def index_programs() -> None:
    """Index programs that changed. By beat where the message was lost."""
    search_index.index_programs()


@task(Queue.DEFAULT, every=crontab(hour=22, minute=20))
def index_all_programs() -> None:
    """Index everything: cohorts that may no longer be joined since the day ended."""
    search_index.index_all()


@task(Queue.DEFAULT)
def complete_who_is_eligible(version_id: int) -> None:
    """Complete who has all that is asked after content was corrected; closing a cohort does the same."""
    content.complete_who_is_eligible(version_id=version_id)


@task(Queue.DEFAULT, every=60)
def evaluate_ended_sessions() -> None:
    """Complete who is eligible by classes that ended since their attendance was recorded."""
    attendance.evaluate_ended_sessions()


@task(Queue.DEFAULT, every=60)
def expire_holds() -> None:
    """Offer the seats whose time is over to the next in line."""
    seats.expire_holds()


@task(Queue.MESSAGES, every=60)
def send_seat_notices() -> None:
    """Tell people what happened to their seats."""
    notices.send_seat_notices()


@task(Queue.MESSAGES, every=60)
def send_attendance_notices() -> None:
    """Tell trainees of marks of attendance that were corrected."""
    attendance_notices.send_attendance_notices()


@task(Queue.MESSAGES, every=60)
def send_correction_notices() -> None:
    """Tell trainees of urgent corrections of what they study."""
    correction_notices.write_correction_notices()
    correction_notices.send_correction_notices()


@task(Queue.DEFAULT, time_limit=300)
def note_recipients(job_id: int) -> None:
    """Note whom a message of staff is for, for a minute at most; what is left is dispatched again."""
    announcements.note_recipients(job_id=job_id)


# Thousands of people may wait.
@task(Queue.MESSAGES, every=15, drops_late=True)
def send_announcements() -> None:
    """Send messages of staff to their receivers."""
    announcements.send_announcements()


@task(Queue.DEFAULT, time_limit=600)
def run_import(run_id: int) -> None:
    """Check or import the lines of a file, for a minute at most; what is left is dispatched again."""
    imports.work_on_import(run_id=run_id)


@task(Queue.DEFAULT, every=crontab(hour=22, minute=50))
def purge_imports() -> None:
    """Delete the files of imports that are older than a month."""
    imports.purge_imports()


@task(Queue.MESSAGES, every=60)
def send_complaint_notices() -> None:
    """Tell citizens that their complaint has a question or an answer."""
    complaint_notices.send_complaint_notices()


@task(Queue.MESSAGES, every=60)
def send_question_notices() -> None:
    """Tell trainees that their question was answered, and instructors in the morning how many wait."""
    question_notices.send_question_notices()


@task(Queue.DEFAULT, every=crontab(minute=35))
def tend_complaints() -> None:
    """Read the clocks of open complaints again, by holidays that were added; delete those that were closed long ago."""
    complaints.read_clocks_again()
    complaints.purge_complaints()


@task(Queue.DEFAULT, every=crontab(hour=22, minute=55))
def purge_call_backs() -> None:
    """Delete requests for a call that were closed weeks ago."""
    call_backs.purge_call_backs()
