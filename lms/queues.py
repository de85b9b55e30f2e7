"""The queue of every task: a notice must not wait behind a transcode.

Each queue has workers of its own, in docker-compose.yml and in the embedded mode (`lms.embedded.serve`). A worker that is
started without `--queues` serves all of them.
"""

from enum import StrEnum

from kombu import Exchange
from kombu import Queue as BrokerQueue


class Queue(StrEnum):
    # Tasks that process uploaded videos, streams or slides: for minutes, in the sandbox, without signing keys.
    MEDIA = "media"
    # Signing, and rendering of what is signed.
    CERTIFICATES = "certificates"
    # Notices: mails and short messages.
    MESSAGES = "messages"
    # Short tasks.
    DEFAULT = "default"


TASKS: dict[Queue, tuple[str, ...]] = {
    Queue.MEDIA: (
        "live.tasks.make_recording",
        "live.tasks.render_slides",
        "media_pipeline.tasks.process_upload",
        "media_pipeline.tasks.transcribe",
        "media_pipeline.tasks.work",
    ),
    Queue.CERTIFICATES: (
        "certificates.archive",
        "certificates.make_bundle",
        "certificates.render",
        "certificates.render_chunk",
    ),
    Queue.MESSAGES: (
        "accounts.tasks.send_code",
        "accounts.tasks.send_digests",
        "accounts.tasks.send_login_notices",
        "assessment.tasks.send_result_notices",
        "assessment.tasks.send_score_notices",
        "assessment.tasks.send_appeal_notices",
        "assessment.tasks.send_attempt_notices",
        "assessment.tasks.send_accommodation_notices",
        "assessment.tasks.send_exam_notices",
        "certificates.send_notices",
        "courses.tasks.send_announcements",
        "courses.tasks.send_attendance_notices",
        "courses.tasks.send_complaint_notices",
        "courses.tasks.send_correction_notices",
        "courses.tasks.send_question_notices",
        "courses.tasks.send_seat_notices",
        "live.tasks.send_class_notices",
    ),
    # Recovery belongs here: it dispatches what a busy queue has lost, and must not wait in it.
    Queue.DEFAULT: (
        "accounts.tasks.expire_audit_addresses",
        # For a minute at a time.
        "accounts.tasks.make_digests",
        "accounts.tasks.purge_codes",
        "accounts.tasks.purge_deliveries",
        "accounts.tasks.purge_sessions",
        "accounts.tasks.purge_site_notices",
        "accounts.tasks.seal_audit",
        "accounts.tasks.tell_deputies",
        "assessment.tasks.analyze_bank",
        # For a minute where there are 50,000 attempts.
        "assessment.tasks.analyze_items",
        # A room's attempts at once: for seconds.
        "assessment.tasks.close_expired_attempts",
        "assessment.tasks.purge_answer_files",
        "assessment.tasks.purge_question_imports",
        # For a minute at a time.
        "assessment.tasks.regrade",
        "assessment.tasks.run_question_import",
        "certificates.deliver",
        "certificates.purge_lookups",
        "certificates.purge_files",
        "courses.tasks.complete_who_is_eligible",
        "courses.tasks.evaluate_ended_sessions",
        "courses.tasks.expire_holds",
        "courses.tasks.index_all_programs",
        "courses.tasks.index_programs",
        # For a minute at a time.
        "courses.tasks.note_recipients",
        "courses.tasks.purge_call_backs",
        "courses.tasks.purge_imports",
        # For a minute at a time.
        "courses.tasks.run_import",
        "insights.tasks.request_snapshot",
        # For a minute where there are a million enrollments.
        "insights.tasks.take_snapshot",
        "courses.tasks.tend_complaints",
        "jobs.tasks.recover_jobs",
        "live.tasks.purge_recordings",
        "live.tasks.purge_slide_uploads",
        "live.tasks.record_ended_classes",
        "live.tasks.maintain_live_rooms",
        "lms.publish_due",
        "media_pipeline.tasks.count_deliveries",
        "media_pipeline.tasks.purge_watching",
        "media_pipeline.tasks.purge_jobs",
        "media_pipeline.tasks.purge_speech",
        "media_pipeline.tasks.release_jobs",
        "media_pipeline.tasks.purge_rendition_sets",
        "media_pipeline.tasks.sync_revocations",
        "media_pipeline.tasks.recover_uploads",
    ),
}
ROUTES = {task: {"queue": queue.value} for queue, tasks in TASKS.items() for task in tasks}
# Each bound by its own name: bound alike, one message would go to all.
BROKER_QUEUES = [BrokerQueue(queue, Exchange(queue, type="direct"), routing_key=queue) for queue in Queue]
