"""The queue of every task, in one place: a notice never waits behind a film.

Each queue has workers of its own, in docker-compose.yml and in the embedded mode (`lms.embedded.serve`). A worker that is
started without `--queues` serves all of them.
"""

from enum import StrEnum

from kombu import Exchange
from kombu import Queue as BrokerQueue


class Queue(StrEnum):
    # Whatever reads a film, a stream or slides that came from outside: for minutes, in the cage, without keys.
    MEDIA = "media"
    # What signs, and what is drawn in order to be signed.
    CERTIFICATES = "certificates"
    # What people wait for: mails and short messages.
    MESSAGES = "messages"
    # What is short.
    DEFAULT = "default"


TASKS: dict[Queue, tuple[str, ...]] = {
    Queue.MEDIA: (
        "live.tasks.make_recording",
        "live.tasks.render_slides",
        "media_pipeline.tasks.check_upload",
        "media_pipeline.tasks.transcribe",
        "media_pipeline.tasks.work",
    ),
    Queue.CERTIFICATES: (
        "certificates.archive",
        "certificates.make_bundle",
        "certificates.render",
        "certificates.render_chunk",
        "certificates.seal_checkpoint",
    ),
    Queue.MESSAGES: (
        "accounts.tasks.tell_of_logins",
        "certificates.tell_holders",
        "live.tasks.tell_of_live_classes",
    ),
    # Recovery belongs here: it dispatches what a busy queue has lost, and must not wait in it.
    Queue.DEFAULT: (
        "accounts.tasks.expire_audit_addresses",
        "accounts.tasks.purge_sessions",
        "accounts.tasks.seal_audit",
        "certificates.append_to_log",
        "certificates.deliver",
        "certificates.forget_lookups",
        "certificates.purge_files",
        "courses.tasks.index_all_programs",
        "courses.tasks.index_programs",
        "jobs.tasks.recover_jobs",
        "live.tasks.forget_recordings",
        "live.tasks.purge_slide_uploads",
        "live.tasks.record_ended_classes",
        "live.tasks.sweep_live_rooms",
        "lms.publish_due",
        "media_pipeline.tasks.count_answers",
        "media_pipeline.tasks.forget_watching",
        "media_pipeline.tasks.purge_jobs",
        "media_pipeline.tasks.purge_speech",
        "media_pipeline.tasks.release_jobs",
        "media_pipeline.tasks.sweep_films",
        "media_pipeline.tasks.sweep_marks",
        "media_pipeline.tasks.sweep_uploads",
    ),
}
ROUTES = {task: {"queue": queue.value} for queue, tasks in TASKS.items() for task in tasks}
# Each bound by its own name: bound alike, one message would go to all.
BROKER_QUEUES = [BrokerQueue(queue, Exchange(queue, type="direct"), routing_key=queue) for queue in Queue]
