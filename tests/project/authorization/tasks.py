"""Every Celery task of ours. A task has no actor: what it may do depends on the row whose key it gets.

A task that takes a key is run with one that no row has, and with a row in a state in which nothing is to do.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Model
from django.utils import timezone

from accounts.models import Center, ContactChallenge, DigestRun
from assessment.models import QuestionImport
from certificates.enums import BundleKind
from certificates.models import Bundle, Credential, RenderJob
from courses.models import AnnouncementJob, ImportRun
from insights.models import Snapshot
from jobs.enums import JobState
from live.models import Recording, SlideDeck
from media_pipeline.enums import CaptionLanguage, UploadState
from media_pipeline.models import Transcription
from tests.engines import told_by_engines
from tests.factories.accounts import UserFactory, code_to_be_sent, digests_to_make
from tests.factories.bank import question_file_in
from tests.factories.certificates import credential_in, webhook_of_the_ministry
from tests.factories.courses import announcement_to_send, import_in, taught_cohort
from tests.factories.figures import analysis_of_a_center
from tests.factories.insights import day_to_be_recorded
from tests.factories.jobs import put
from tests.factories.live import live_session_in
from tests.factories.media_pipeline import UploadFactory, published_video
from tests.factories.regrades import regrade_of_the_ministry


@dataclass(frozen=True)
class TaskEntry:
    """`argument` is the name of its key, empty for one that looks for its work itself (`why`).

    `at_rest` makes a row with which the task has nothing to do. `is_fatal_without` says that it raises `DoesNotExist` without a row:
    rows of that kind are never deleted, so a key without one is a fault that should be seen.
    """

    argument: str = ""
    at_rest: Callable[[Center], Model] | None = None
    is_fatal_without: bool = False
    takes_many: bool = False
    why: str = ""

    def arguments(self, key: Any) -> dict[str, Any]:
        return {self.argument: [key] if self.takes_many else key}


def sweeps(why: str) -> TaskEntry:
    return TaskEntry(why=why)


def drawn_job(center: Center) -> Model:
    credential = credential_in(center)
    job: RenderJob = RenderJob.objects.get(credential=credential)
    put(RenderJob.objects.filter(pk=job.pk), JobState.DONE)
    return job


def made_bundle(center: Center) -> Model:
    credential: Credential = credential_in(center)
    return Bundle.objects.create(
        proposal=credential.proposal,
        kind=BundleKind.ZIP,
        state=JobState.DONE,
        finished_at=timezone.now(),
        path="a.zip",
        expires_at=timezone.now(),
        requested_by=UserFactory(),
    )


def made_recording(center: Center) -> Model:
    return Recording.objects.create(
        session=live_session_in(center),
        state=JobState.DONE,
        finished_at=timezone.now(),
        video=published_video(center=center),
    )


def drawn_deck(center: Center) -> Model:
    return SlideDeck.objects.create(
        session=live_session_in(center),
        title="a",
        source_bytes=1,
        state=JobState.DONE,
        finished_at=timezone.now(),
        uploaded_by=UserFactory(),
    )


def taken_over(center: Center) -> Model:
    return UploadFactory(center=center, state=UploadState.DONE, video=published_video(center=center))


def transcribed(center: Center) -> Model:
    return Transcription.objects.create(
        video=published_video(center=center),
        language=CaptionLanguage.ENGLISH,
        state=JobState.DONE,
        finished_at=timezone.now(),
    )


def made_digests(center: Center) -> Model:
    run = digests_to_make(center)
    put(DigestRun.objects.filter(pk=run.pk), JobState.DONE)
    return run


def pinned_version(center: Center) -> Model:
    version: Model = taught_cohort(center=center).content_version
    return version


def sent_code(center: Center) -> Model:
    challenge = code_to_be_sent(center)
    put(ContactChallenge.objects.filter(pk=challenge.pk), JobState.DONE)
    return challenge


def recorded_day(center: Center) -> Model:
    snapshot = day_to_be_recorded(center)
    put(Snapshot.objects.filter(pk=snapshot.pk), JobState.DONE)
    return snapshot


def checked_import(center: Center) -> Model:
    run = import_in(center)
    put(ImportRun.objects.filter(pk=run.pk), JobState.DONE)
    return run


def checked_questions(center: Center) -> Model:
    run = question_file_in(center)
    put(QuestionImport.objects.filter(pk=run.pk), JobState.DONE)
    return run


def noted_announcement(center: Center) -> Model:
    job = announcement_to_send(center)
    put(AnnouncementJob.objects.filter(pk=job.pk), JobState.DONE)
    return job


TASKS: dict[str, TaskEntry] = {
    "accounts.tasks.send_code": TaskEntry("challenge_id", sent_code),
    "accounts.tasks.purge_codes": sweeps("Deletes what is old."),
    "accounts.tasks.send_digests": sweeps("Sends daily messages that wait."),
    "accounts.tasks.make_digests": TaskEntry("run_id", made_digests),
    "certificates.render": TaskEntry("job_id", drawn_job, is_fatal_without=True),
    "certificates.render_chunk": TaskEntry("job_ids", drawn_job, takes_many=True),
    "certificates.make_bundle": TaskEntry("bundle_id", made_bundle),
    "certificates.deliver": TaskEntry("webhook_id", webhook_of_the_ministry, is_fatal_without=True),
    "live.tasks.make_recording": TaskEntry("recording_id", made_recording),
    "live.tasks.render_slides": TaskEntry("deck_id", drawn_deck),
    "media_pipeline.tasks.process_upload": TaskEntry("upload_id", taken_over),
    "media_pipeline.tasks.transcribe": TaskEntry("transcription_id", transcribed),
    "accounts.tasks.purge_deliveries": sweeps("Deletes what is old."),
    "accounts.tasks.purge_site_notices": sweeps("Deletes what is old."),
    "accounts.tasks.purge_sessions": sweeps("Deletes sessions that are over."),
    "accounts.tasks.seal_audit": sweeps("Seals the days that are over."),
    "accounts.tasks.tell_deputies": sweeps("Writes the notices of deputies that began or ended."),
    "accounts.tasks.expire_audit_addresses": sweeps("Takes out addresses that are old."),
    "accounts.tasks.send_login_notices": sweeps("Sends notices that wait."),
    "certificates.purge_files": sweeps("Deletes what is old."),
    "certificates.send_notices": sweeps("Sends notices that wait."),
    "certificates.purge_lookups": sweeps("Deletes what is old."),
    "certificates.archive": sweeps("Archives papers whose signatures grow old."),
    "live.tasks.maintain_live_rooms": sweeps("Ends rooms that no one ended."),
    "live.tasks.send_class_notices": sweeps("Sends notices that wait."),
    "live.tasks.purge_slide_uploads": sweeps("Deletes what is old."),
    "live.tasks.record_ended_classes": sweeps("Records classes that ended."),
    "live.tasks.purge_recordings": sweeps("Deletes what is old."),
    "courses.tasks.complete_who_is_eligible": TaskEntry("version_id", pinned_version),
    "courses.tasks.note_recipients": TaskEntry("job_id", noted_announcement),
    "courses.tasks.send_announcements": sweeps("Sends messages of staff to their receivers."),
    "courses.tasks.run_import": TaskEntry("run_id", checked_import),
    "courses.tasks.purge_imports": sweeps("Deletes what is old."),
    "courses.tasks.purge_call_backs": sweeps("Deletes what is old."),
    "courses.tasks.evaluate_ended_sessions": sweeps("Completes who is eligible by classes that ended."),
    "assessment.tasks.close_expired_attempts": sweeps("Closes attempts whose time ran out."),
    "assessment.tasks.purge_answer_files": sweeps("Deletes files that no answer names."),
    "assessment.tasks.analyze_bank": sweeps("Has the figures of questions of the bank calculated."),
    "assessment.tasks.analyze_items": TaskEntry("analysis_id", analysis_of_a_center),
    "assessment.tasks.purge_question_imports": sweeps("Deletes what is old."),
    "assessment.tasks.run_question_import": TaskEntry("run_id", checked_questions),
    "assessment.tasks.regrade": TaskEntry("regrade_id", regrade_of_the_ministry),
    "assessment.tasks.send_result_notices": sweeps("Sends notices that wait."),
    "assessment.tasks.send_attempt_notices": sweeps("Sends notices that wait."),
    "assessment.tasks.send_score_notices": sweeps("Sends notices that wait."),
    "assessment.tasks.send_appeal_notices": sweeps("Sends notices that wait."),
    "assessment.tasks.send_accommodation_notices": sweeps("Sends notices that wait."),
    "assessment.tasks.send_exam_notices": sweeps("Finds exams that were moved; sends notices that wait."),
    "courses.tasks.expire_holds": sweeps("Ends kept seats whose time is over."),
    "courses.tasks.send_correction_notices": sweeps("Writes and sends notices of corrections."),
    "courses.tasks.send_attendance_notices": sweeps("Sends notices that wait."),
    "courses.tasks.send_seat_notices": sweeps("Sends notices that wait."),
    "courses.tasks.send_question_notices": sweeps("Sends notices that wait."),
    "courses.tasks.send_complaint_notices": sweeps("Sends notices that wait."),
    "courses.tasks.tend_complaints": sweeps("Reads clocks again, and deletes what is old."),
    "courses.tasks.index_programs": sweeps("Indexes programs that changed."),
    "courses.tasks.index_all_programs": sweeps("Indexes every program."),
    "insights.tasks.request_snapshot": sweeps("Has the figures of yesterday recorded."),
    "insights.tasks.take_snapshot": TaskEntry("snapshot_id", recorded_day),
    "jobs.tasks.recover_jobs": sweeps("Recovers jobs of every kind."),
    "lms.publish_due": sweeps("Publishes pages whose hour has come."),
    "media_pipeline.tasks.work": sweeps("Takes the next step of any job that waits."),
    "media_pipeline.tasks.release_jobs": sweeps("Lets jobs go on that the disk has room for again."),
    "media_pipeline.tasks.purge_jobs": sweeps("Deletes what is old."),
    "media_pipeline.tasks.purge_rendition_sets": sweeps("Deletes what is old."),
    "media_pipeline.tasks.purge_watching": sweeps("Deletes what is old."),
    "media_pipeline.tasks.sync_revocations": sweeps("Ends addresses of roles that ended."),
    "media_pipeline.tasks.recover_uploads": sweeps("Ends uploads that stopped."),
    "media_pipeline.tasks.purge_speech": sweeps("Deletes what is old."),
    "media_pipeline.tasks.count_deliveries": sweeps("Adds up what players told."),
    **{name: TaskEntry(*words) for name, words in told_by_engines("TASKS").items()},
}
