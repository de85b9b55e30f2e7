"""Periodic tasks: celery beat enqueues them, workers run them.

They also recover what lost messages, killed workers or a wiped Redis left behind.
"""

from contextlib import suppress
from pathlib import Path
from typing import Any

from celery.beat import PersistentScheduler
from celery.schedules import crontab
from django.conf import settings

# The longest sleep of beat in seconds: a heartbeat older than a few of these means that beat has stopped.
LONGEST_SLEEP_SECONDS = 30

SCHEDULE: dict[str, dict[str, Any]] = {
    # Jobs of every kind: expired leases, lost messages, attempts that are due again.
    "jobs-recover": {"task": "jobs.tasks.recover_jobs", "schedule": 30.0},
    # Ends rooms that were left open (and so writes their attendance); deletes used tickets.
    "live-rooms": {"task": "live.tasks.maintain_live_rooms", "schedule": 300.0},
    # Plans reminders a day and an hour before classes and notices of changes; sends due ones.
    "live-notices": {"task": "live.tasks.send_class_notices", "schedule": 60.0},
    "live-recordings": {"task": "live.tasks.record_ended_classes", "schedule": 60.0},
    "live-purge-recordings": {
        "task": "live.tasks.purge_recordings",
        "schedule": crontab(hour=1, minute=50),
    },
    "live-purge-slide-uploads": {
        "task": "live.tasks.purge_slide_uploads",
        "schedule": crontab(hour=1, minute=55),
    },
    "certificates-purge-lookups": {
        "task": "certificates.purge_lookups",
        "schedule": crontab(hour=22, minute=40),
    },
    # Plans reminders before certificates end; sends due notices.
    "certificates-notices": {"task": "certificates.send_notices", "schedule": 60.0},
    # Long-term evidence for what was sealed in the day.
    "certificates-archive": {"task": "certificates.archive", "schedule": crontab(hour=0, minute=10)},
    # Expired bundles, and files that killed workers left.
    "certificates-purge-files": {"task": "certificates.purge_files", "schedule": 60.0},
    # Programs that changed, where the message was lost.
    "courses-index": {"task": "courses.tasks.index_programs", "schedule": 60.0},
    # Cohorts that may no longer be joined since the day ended.
    "courses-index-all": {
        "task": "courses.tasks.index_all_programs",
        "schedule": crontab(hour=22, minute=20),
    },
    # Files of imports that are older than a month.
    "courses-purge-imports": {
        "task": "courses.tasks.purge_imports",
        "schedule": crontab(hour=22, minute=50),
    },
    # Requests for a call that were closed weeks ago.
    "courses-purge-call-backs": {
        "task": "courses.tasks.purge_call_backs",
        "schedule": crontab(hour=22, minute=55),
    },
    # Often: people wait for their result. A run that no worker took in time is dropped.
    "assessment-close": {
        "task": "assessment.tasks.close_expired_attempts",
        "schedule": 10.0,
        "options": {"expires": 10},
    },
    "assessment-appeals": {"task": "assessment.tasks.send_appeal_notices", "schedule": 60.0},
    # Files that were taken back before the end.
    "assessment-purge-files": {
        "task": "assessment.tasks.purge_answer_files",
        "schedule": crontab(minute=25),
    },
    # Figures of the questions of the bank, for their authors: by night, some at a time.
    "assessment-figures": {
        "task": "assessment.tasks.analyze_bank",
        "schedule": crontab(hour="1-4", minute="*/5"),
    },
    # Files of questions that were checked a week ago and not brought in.
    "assessment-purge-question-imports": {
        "task": "assessment.tasks.purge_question_imports",
        "schedule": crontab(hour=22, minute=45),
    },
    "assessment-accommodations": {"task": "assessment.tasks.send_accommodation_notices", "schedule": 60.0},
    "assessment-attempts": {"task": "assessment.tasks.send_attempt_notices", "schedule": 60.0},
    # Finds exams that were moved in the timetable, too.
    "assessment-exams": {"task": "assessment.tasks.send_exam_notices", "schedule": 60.0},
    "assessment-results": {"task": "assessment.tasks.send_result_notices", "schedule": 60.0},
    "assessment-scores": {"task": "assessment.tasks.send_score_notices", "schedule": 60.0},
    # Classes that ended after somebody was marked present in them; nothing to do for all others.
    "courses-ended-sessions": {"task": "courses.tasks.evaluate_ended_sessions", "schedule": 60.0},
    "courses-expire-holds": {"task": "courses.tasks.expire_holds", "schedule": 60.0},
    # Often, since thousands of people may wait; a run that no worker took in time is dropped.
    "courses-announcements": {
        "task": "courses.tasks.send_announcements",
        "schedule": 15.0,
        "options": {"expires": 15},
    },
    # Writes notices of urgent corrections, in batches; sends due ones.
    "courses-corrections": {"task": "courses.tasks.send_correction_notices", "schedule": 60.0},
    "courses-attendance-notices": {"task": "courses.tasks.send_attendance_notices", "schedule": 60.0},
    "courses-questions": {"task": "courses.tasks.send_question_notices", "schedule": 60.0},
    "courses-complaints": {"task": "courses.tasks.send_complaint_notices", "schedule": 60.0},
    # Clocks by holidays that were added; complaints that were closed long ago.
    "courses-tend-complaints": {"task": "courses.tasks.tend_complaints", "schedule": crontab(minute=35)},
    "courses-notices": {"task": "courses.tasks.send_seat_notices", "schedule": 60.0},
    # Scheduled publishing of pages and certificate templates.
    "publish-due": {"task": "lms.publish_due", "schedule": 60.0},
    "media-count-answers": {"task": "media_pipeline.tasks.count_deliveries", "schedule": 60.0},
    "media-purge-watching": {"task": "media_pipeline.tasks.purge_watching", "schedule": crontab(minute=25)},
    "media-revocations": {"task": "media_pipeline.tasks.sync_revocations", "schedule": 30.0},
    # Roles end with the day; days begin on the hour in the supported time zones.
    "media-revocations-on-the-hour": {
        "task": "media_pipeline.tasks.sync_revocations",
        "schedule": crontab(minute=0),
    },
    "media-release-jobs": {"task": "media_pipeline.tasks.release_jobs", "schedule": 30.0},
    "media-purge-jobs": {"task": "media_pipeline.tasks.purge_jobs", "schedule": 60.0},
    "media-purge-rendition-sets": {
        "task": "media_pipeline.tasks.purge_rendition_sets",
        "schedule": crontab(hour=1, minute=35),
    },
    "media-purge-speech": {"task": "media_pipeline.tasks.purge_speech", "schedule": 60.0},
    "media-recover-uploads": {"task": "media_pipeline.tasks.recover_uploads", "schedule": 60.0},
    # Nothing to do once yesterday is recorded.
    "figures-of-the-day": {"task": "insights.tasks.request_snapshot", "schedule": 900.0},
    "logins-notices": {"task": "accounts.tasks.send_login_notices", "schedule": 60.0},
    # Those that are due at this hour, made once, and sent.
    "digests": {"task": "accounts.tasks.send_digests", "schedule": 60.0},
    "messages-purge": {"task": "accounts.tasks.purge_deliveries", "schedule": crontab(hour=1, minute=5)},
    "notices-purge": {"task": "accounts.tasks.purge_site_notices", "schedule": crontab(hour=1, minute=15)},
    "deputies-tell": {"task": "accounts.tasks.tell_deputies", "schedule": crontab(minute=10)},
    "logins-sessions": {"task": "accounts.tasks.purge_sessions", "schedule": crontab(minute=40)},
    "logins-codes": {"task": "accounts.tasks.purge_codes", "schedule": crontab(minute=45)},
    # Nothing to do once yesterday is sealed; soon again where a long transaction was in the way.
    "audit-seal": {"task": "accounts.tasks.seal_audit", "schedule": 900.0},
    "audit-expire-addresses": {
        "task": "accounts.tasks.expire_audit_addresses",
        "schedule": crontab(hour=1, minute=20),
    },
}


class Scheduler(PersistentScheduler):
    """Celery's scheduler with a heartbeat: each tick touches a file, which `scripts/health.py beat` checks."""

    def tick(self, *arguments: Any, **options: Any) -> float:
        pause: float = super().tick(*arguments, **options)
        # On a full disk the heartbeat is missed; the tick is done.
        with suppress(OSError):
            heartbeat_file().touch()
        return pause


def heartbeat_file() -> Path:
    return Path(settings.CELERY_BEAT_SCHEDULE_FILENAME).with_name("beat-heartbeat")
