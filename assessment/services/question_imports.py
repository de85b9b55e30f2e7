"""Brings questions of files into the bank: stored, checked by a job, read by their author, then written as drafts by the job in batches.

The check makes the same decisions by the same code as the run, and writes nothing.
"""

import datetime as dt
import hashlib
import time
import uuid
from collections.abc import Iterable, Sequence
from functools import partial
from itertools import batched
from pathlib import Path

from django.core.files.storage import storages
from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from accounts.enums import Act
from accounts.models import Center, User
from accounts.scoping import may, may_everywhere
from accounts.services.names import tidy_name
from assessment.enums import FileFormat
from assessment.errors import (
    FileNotChecked,
    FileOfAnother,
    FileOfQuestionsTooLarge,
    NothingNewInFile,
    QuestionsNotYours,
)
from assessment.exchange import gift, moodle_xml, qti
from assessment.exchange.item import Fault, Item, Reading, UnreadableFile, Unsupported
from assessment.exchange.table import read_rows
from assessment.exchange.texts import shortened, unsaid_in
from assessment.exchange_words import OwnCode
from assessment.models import QuestionImport, QuestionRemark
from assessment.services.imported_questions import Importer, Outcome
from courses.enums import ImportPhase
from courses.services.tables import TableFile, TableRefused
from jobs.enums import JobState
from jobs.services.dispatch import dispatch_jobs
from jobs.services.leases import fenced, finish, heartbeat, refuse, release_lease
from jobs.services.recovery import restart
from jobs.services.working import work_on

FOLDER = "question-imports"
MEGABYTE = 1_000_000
MOST_BYTES = 25 * MEGABYTE
QUESTIONS_IN_A_BATCH = 200
# What else waits in the queue gets its turn.
SECONDS_AT_A_TIME = 60
# More are counted, not kept.
MOST_REMARKS = 10_000
# A file has keys of questions: it is deleted once it was brought in, and a week after a check that no one went on with.
RETENTION = dt.timedelta(days=7)
REMARKS_KEPT = dt.timedelta(days=30)

type Entry = Item | Unsupported | Fault


class _Refused(Exception):
    def __init__(self, code: str, **facts: object) -> None:
        super().__init__(code)
        self.code, self.facts = code, facts


def upload_questions(
    *,
    owner: Center | None,
    name: str,
    chunks: Iterable[bytes],
    file_format: FileFormat,
    language: str = "",
    tags: Sequence[str] = (),
    has_category_tags: bool = False,
    by: User,
) -> QuestionImport:
    """Store a file and have it checked. Raises `QuestionsNotYours`, `FileOfQuestionsTooLarge`."""
    if not writes_for(by, owner):
        raise QuestionsNotYours
    public_id = uuid.uuid4()
    path = f"{FOLDER}/{public_id}"
    file = _file(path)
    file.parent.mkdir(parents=True, exist_ok=True)
    try:
        digest, size = _store(file, chunks)
        with transaction.atomic():
            run = QuestionImport.objects.create(
                public_id=public_id,
                owner=owner,
                file_name=tidy_name(name)[-120:] or "questions",
                path=path,
                sha256=digest,
                size=size,
                file_format=file_format,
                language=language,
                tags=list(tags),
                has_category_tags=has_category_tags,
                uploaded_by=by,
            )
            dispatch_jobs(QuestionImport, [run.pk])
            facts = {"format": str(file_format), "sha256": digest}
            log(run, "assessment.question_import.upload", user=by, data=facts)
    except BaseException:
        file.unlink(missing_ok=True)
        raise
    return run


def writes_for(user: User, owner: Center | None) -> bool:
    """Whether `user` writes questions of a center, or of the ministry."""
    act = Act.WRITE_QUESTIONS
    return may_everywhere(user, act) if owner is None else may(user, act, on=owner)


def _file(path: str) -> Path:
    return Path(storages["private"].path(path))


def _store(file: Path, chunks: Iterable[bytes]) -> tuple[str, int]:
    """Write the file; return its digest and its size."""
    digest, size = hashlib.sha256(), 0
    with file.open("xb") as target:
        for chunk in chunks:
            digest.update(chunk)
            size += len(chunk)
            if size > MOST_BYTES:
                raise FileOfQuestionsTooLarge(megabytes=MOST_BYTES // MEGABYTE)
            target.write(chunk)
    return digest.hexdigest(), size


@transaction.atomic
def start_question_import(*, run_id: int, by: User) -> QuestionImport:
    """Have what was checked written as drafts of `by`, who uploaded it.

    Raises `QuestionsNotYours`, `FileOfAnother`, `FileNotChecked`, `NothingNewInFile`.
    """
    run = QuestionImport.objects.select_for_update(of=("self",)).select_related("owner").get(pk=run_id)
    if not writes_for(by, run.owner):
        raise QuestionsNotYours
    # Who wrote a question does not publish it, and who chose the file wrote what is in it.
    if run.uploaded_by_id != by.pk:
        raise FileOfAnother
    if run.phase != ImportPhase.CHECK or run.state != JobState.DONE:
        raise FileNotChecked
    if not run.created:
        raise NothingNewInFile
    if not run.path:
        raise FileNotChecked
    expected = {"created": run.created, "unchanged": run.unchanged, "left_out": run.unsupported + run.faulty}
    run.remarks.all().delete()
    run.phase, run.started_at = ImportPhase.IMPORT, timezone.now()
    run.position = run.created = run.unchanged = run.unsupported = run.faulty = 0
    run.save()
    restart(QuestionImport, [run.pk])
    log(run, "assessment.question_import.start", user=by, data=expected)
    run.refresh_from_db()
    return run


def work_on_file(*, run_id: int) -> QuestionImport | None:
    """Check or write the questions that are left. None if it is done, failed, leased by another worker, or to be continued."""
    return work_on(QuestionImport, run_id, _work, related=("owner", "uploaded_by"))


def _work(run: QuestionImport) -> QuestionImport | None:
    if not writes_for(run.uploaded_by, run.owner):
        return _refuse(run, OwnCode.NOT_ALLOWED, {})
    try:
        reading = read_file(run)
    except UnreadableFile as refusal:
        return _refuse(run, str(refusal.code), {"line": refusal.line, "detail": shortened(refusal.detail)})
    except (TableRefused, _Refused) as refusal:
        return _refuse(run, refusal.code, refusal.facts)
    if not _do_questions(run, reading):
        release_lease(run)
        return None
    return _finish(run)


def read_file(run: QuestionImport) -> Reading:
    """All that the file has. Raises `UnreadableFile`, `TableRefused`, and `_Refused` where it is not the one that was uploaded."""
    try:
        data = _file(run.path).read_bytes() if run.path else b""
    except FileNotFoundError as error:
        raise _Refused(OwnCode.FILE_CHANGED) from error
    if hashlib.sha256(data).hexdigest() != run.sha256:
        raise _Refused(OwnCode.FILE_CHANGED)
    with unsaid_in(run.language):
        match run.file_format:
            case FileFormat.GIFT:
                return gift.read(data)
            case FileFormat.MOODLE_XML:
                return moodle_xml.read(data)
            case FileFormat.QTI:
                return qti.read(data)
            case _:
                with TableFile(_file(run.path)) as rows:
                    return read_rows(rows)


def _do_questions(run: QuestionImport, reading: Reading) -> bool:
    """Do batches until no question is left, which is true, or the time is over."""
    until = time.monotonic() + SECONDS_AT_A_TIME
    entries: list[Entry] = [*reading.items, *reading.unsupported, *reading.faults]
    heartbeat(run)
    importer = Importer(run=run, by=run.uploaded_by)
    importer.remember(entries[: run.position])
    if not run.position:
        _begin(run, reading, importer)
    for batch in batched(entries[run.position :], QUESTIONS_IN_A_BATCH, strict=False):
        if time.monotonic() > until:
            return False
        heartbeat(run)
        _do_batch(run, batch, importer)
    return True


@transaction.atomic
def _begin(run: QuestionImport, reading: Reading, importer: Importer) -> None:
    """What is said of the file as a whole; once, although a worker may be killed before the first batch."""
    held = fenced(run)
    held.remarks.all().delete()
    held.questions = reading.count
    held.save(update_fields=["questions"])
    _keep_remarks(held, importer.of_the_file(reading))


@transaction.atomic
def _do_batch(run: QuestionImport, batch: Sequence[Entry], importer: Importer) -> None:
    """A batch, its remarks and the position after it: all of them, or none."""
    held = fenced(run)
    outcome = importer.do(batch, writes=held.phase == ImportPhase.IMPORT)
    _keep_remarks(held, outcome.remarks)
    _count(held, outcome)
    run.position = held.position


def _count(held: QuestionImport, outcome: Outcome) -> None:
    held.created += outcome.created
    held.unchanged += outcome.unchanged
    held.unsupported += outcome.unsupported
    held.faulty += outcome.faulty
    held.position = held.created + held.unchanged + held.unsupported + held.faulty
    held.save(update_fields=["position", "created", "unchanged", "unsupported", "faulty"])


def _keep_remarks(run: QuestionImport, remarks: Sequence[QuestionRemark]) -> None:
    room = max(0, MOST_REMARKS - run.remarks.count()) if remarks else 0
    QuestionRemark.objects.bulk_create(remarks[:room])


@transaction.atomic
def _refuse(run: QuestionImport, code: str, facts: dict[str, object]) -> QuestionImport:
    """The file is of no use any more: it is deleted."""
    return refuse(run, refusal=code, refusal_facts=facts, path=_without_file(run.path))


@transaction.atomic
def _finish(run: QuestionImport) -> QuestionImport:
    """The file is kept only where there is something to write."""
    held = fenced(run)
    is_needed = held.phase == ImportPhase.CHECK and held.created > 0
    ended = finish(run, path=held.path if is_needed else _without_file(held.path))
    if ended.phase == ImportPhase.IMPORT:
        data = {
            "created": ended.created,
            "unchanged": ended.unchanged,
            "left_out": ended.unsupported + ended.faulty,
        }
        log(ended, "assessment.question_import.finish", user=ended.uploaded_by, data=data)
    return ended


def _without_file(path: str) -> str:
    if path:
        transaction.on_commit(partial(_file(path).unlink, missing_ok=True))
    return ""


@transaction.atomic
def purge_files() -> None:
    """Delete the files that no one went on with, and what was said of lines a month ago. What was written stays known."""
    old = QuestionImport.objects.select_for_update(of=("self",), skip_locked=True).filter(
        finished_at__lt=timezone.now() - RETENTION
    )
    for run in old.exclude(path=""):
        run.path = _without_file(run.path)
        run.save(update_fields=["path"])
    QuestionRemark.objects.filter(run__finished_at__lt=timezone.now() - REMARKS_KEPT).delete()
