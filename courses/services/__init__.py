"""The verbs of teaching. Keyword-only and atomic: lock, guard, write, audit, announce.

Locks are taken in one order, so that services never wait for each other in a circle: program, person, cohort or
session, enrollment, progress.
"""

from courses.services.attendance import amend_attendance, lock_attendance, record_attendance
from courses.services.closing import close_cohort, reopen_cohort
from courses.services.cohorts import change_cohort, freeze_content, open_cohort, start_cohort
from courses.services.completion import (
    complete_enrollment,
    evaluate,
    set_completion_rule,
    settle_enrollment,
)
from courses.services.enrollments import check_cohort, check_seat, enroll, give_seat_back, withdraw
from courses.services.front_page import open_front_page
from courses.services.info_pages import open_info_pages
from courses.services.lessons import draft_lesson
from courses.services.progress import complete_unit, open_unit, record_score, report_watched
from courses.services.sessions import cancel_session, reschedule_session, schedule_session

__all__ = [
    "amend_attendance",
    "cancel_session",
    "change_cohort",
    "check_cohort",
    "check_seat",
    "close_cohort",
    "complete_enrollment",
    "complete_unit",
    "draft_lesson",
    "enroll",
    "evaluate",
    "freeze_content",
    "give_seat_back",
    "lock_attendance",
    "open_cohort",
    "open_front_page",
    "open_info_pages",
    "open_unit",
    "record_attendance",
    "record_score",
    "reopen_cohort",
    "report_watched",
    "reschedule_session",
    "schedule_session",
    "set_completion_rule",
    "settle_enrollment",
    "start_cohort",
    "withdraw",
]
