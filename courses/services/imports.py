"""Imports lists that staff upload: stored, checked by a job, read by a person, then written by the job in units of lines.

The check makes the same decisions by the same code as the run and writes nothing. A rolled back run would tell less: lines of a later
unit would not know of those before, and rows of people and cohorts would stay locked for as long as the whole file takes.
"""

import datetime as dt
import hashlib
import time
import uuid
from collections.abc import Iterable, Iterator
from functools import partial
from itertools import batched, islice
from pathlib import Path

from django.core.files.storage import storages
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from wagtail.log_actions import log

from accounts.enums import Act
from accounts.models import Center, User
from accounts.scoping import acts_held, centers_where, may
from accounts.services.names import tidy_name
from courses.enums import ImportKind, ImportPhase
from courses.errors import (
    ImportNotAllowed,
    ImportNotChecked,
    ImportOfAnother,
    NothingToImport,
    TooManyLists,
)
from courses.imports.errors import (
    FileChanged,
    FileRefused,
    FileTooLarge,
    NoLongerAllowed,
    TooManyElsewhere,
    code_of,
)
from courses.imports.tables import MOST_BYTES, Line, open_table
from courses.models import ImportFault, ImportRun
from courses.services.imported_cohorts import CohortImporter
from courses.services.imported_enrollments import EnrollmentImporter
from courses.services.imported_lines import Importer, Outcome
from courses.services.imported_people import TraineeImporter
from courses.services.imported_results import ResultImporter
from courses.services.imported_staff import StaffImporter
from jobs.enums import JobState
from jobs.services.dispatch import dispatch_jobs
from jobs.services.leases import fenced, finish, heartbeat, refuse, release_lease
from jobs.services.recovery import restart
from jobs.services.working import work_on

FOLDER = "imports"
LINES_IN_A_UNIT = 500
# What else waits in the queue gets its turn.
SECONDS_AT_A_TIME = 60
# More are counted, not kept.
MOST_FAULTS = 10_000
# Lists of people, whose check says of a number whether another center has it: uploads, and such lines, of a clerk or a center in a day.
OF_PEOPLE = (ImportKind.TRAINEES, ImportKind.STAFF)
LISTS_A_DAY = 50
ELSEWHERE_A_DAY = 50
# A file holds national numbers; its faults and counts do not.
RETENTION = dt.timedelta(days=30)

ACTS = {
    ImportKind.TRAINEES: Act.MANAGE_PEOPLE,
    ImportKind.ENROLLMENTS: Act.ENROLL,
    ImportKind.COHORTS: Act.MANAGE_COHORTS,
    ImportKind.RESULTS: Act.ASSESS,
    ImportKind.STAFF: Act.MANAGE_MEMBERS,
}
_IMPORTERS: dict[
    ImportKind, type[TraineeImporter | EnrollmentImporter | CohortImporter | ResultImporter | StaffImporter]
] = {
    ImportKind.TRAINEES: TraineeImporter,
    ImportKind.ENROLLMENTS: EnrollmentImporter,
    ImportKind.COHORTS: CohortImporter,
    ImportKind.RESULTS: ResultImporter,
    ImportKind.STAFF: StaffImporter,
}
# Of lines that take a service for one: whom they are about waits until their unit ends.
_FEWER_LINES = {ImportKind.STAFF: 100}


def kinds_for(user: User) -> list[ImportKind]:
    """The kinds of lists that `user` may import in some center."""
    held = acts_held(user)
    return [kind for kind in ImportKind if ACTS[kind] in held]


def lists_of(user: User, runs: QuerySet[ImportRun]) -> QuerySet[ImportRun]:
    """Of `runs` those that `user` uploaded, and those whose lines `user` may enter by hand where they are written."""
    seen = Q(uploaded_by=user)
    for kind in kinds_for(user):
        seen |= Q(kind=kind, center__in=centers_where(user, ACTS[kind]))
    return runs.filter(seen)


def upload_list(
    *,
    center_id: int,
    kind: ImportKind,
    name: str,
    chunks: Iterable[bytes],
    makes_logins: bool = False,
    by: User,
) -> ImportRun:
    """Store a file and have it checked. `makes_logins` is of lists of trainees only.

    Raises `ImportNotAllowed`, `TooManyLists`, `FileTooLarge`.
    """
    center = Center.objects.get(pk=center_id)
    if not may(by, ACTS[kind], on=center):
        raise ImportNotAllowed(center=center)
    if kind in OF_PEOPLE and _of_today(center, by).count() >= LISTS_A_DAY:
        raise TooManyLists(lists=LISTS_A_DAY)
    public_id = uuid.uuid4()
    path = f"{FOLDER}/{public_id}"
    file = _file(path)
    file.parent.mkdir(parents=True, exist_ok=True)
    try:
        digest, size, breaks = _store(file, chunks)
        with transaction.atomic():
            run = ImportRun.objects.create(
                public_id=public_id,
                center=center,
                kind=kind,
                makes_logins=makes_logins and kind == ImportKind.TRAINEES,
                file_name=tidy_name(name)[-120:] or "list",
                path=path,
                sha256=digest,
                size=size,
                lines=breaks,
                uploaded_by=by,
            )
            dispatch_jobs(ImportRun, [run.pk])
            log(
                run,
                "courses.import.upload",
                user=by,
                data={"kind": str(kind), "sha256": digest, "makes_logins": run.makes_logins},
            )
    except BaseException:
        file.unlink(missing_ok=True)
        raise
    return run


def _of_today(center: Center, by: User) -> QuerySet[ImportRun]:
    """Lists of people that the clerk uploaded, or that anybody uploaded for the center."""
    since = timezone.now() - dt.timedelta(days=1)
    runs = ImportRun.objects.filter(kind__in=OF_PEOPLE, uploaded_at__gte=since)
    return runs.filter(Q(center=center) | Q(uploaded_by=by))


def _file(path: str) -> Path:
    return Path(storages["private"].path(path))


def _store(file: Path, chunks: Iterable[bytes]) -> tuple[str, int, int]:
    """Write the file; return its digest, its size, and how many line breaks it has if it is text."""
    digest, size, breaks = hashlib.sha256(), 0, 0
    is_text = True
    with file.open("xb") as target:
        for chunk in chunks:
            is_text = is_text and b"\0" not in chunk
            digest.update(chunk)
            size += len(chunk)
            breaks += chunk.count(b"\n")
            if size > MOST_BYTES:
                raise FileTooLarge(megabytes=MOST_BYTES // 1_000_000)
            target.write(chunk)
    return digest.hexdigest(), size, breaks if is_text else 0


def is_of_another(run: ImportRun, user: User) -> bool:
    """Whether only the one who uploaded it may start it, and that is not `user`.

    Who makes a login and who gives it a role that approves are two people who both know whose it is; of a list of staff the
    one who starts it would see counts.
    """
    return run.kind == ImportKind.STAFF and run.uploaded_by_id != user.pk


@transaction.atomic
def start_import(*, run_id: int, by: User) -> ImportRun:
    """Have what was checked written, in the name of `by`.

    Raises `ImportNotAllowed`, `ImportOfAnother`, `ImportNotChecked`, `NothingToImport`.
    """
    run = ImportRun.objects.select_for_update(of=("self",)).select_related("center").get(pk=run_id)
    if not may(by, ACTS[ImportKind(run.kind)], on=run.center):
        raise ImportNotAllowed(center=run.center)
    if is_of_another(run, by):
        raise ImportOfAnother
    if run.phase != ImportPhase.CHECK or run.state != JobState.DONE or not run.path:
        raise ImportNotChecked
    if not run.created + run.changed:
        raise NothingToImport
    expected = {"created": run.created, "changed": run.changed, "faulty": run.faulty}
    run.faults.all().delete()
    run.phase, run.imported_by, run.imported_at = ImportPhase.IMPORT, by, timezone.now()
    run.position = run.created = run.changed = run.unchanged = run.faulty = 0
    run.save()
    restart(ImportRun, [run.pk])
    log(run, "courses.import.start", user=by, data=expected)
    run.refresh_from_db()
    return run


def work_on_import(*, run_id: int) -> ImportRun | None:
    """Check or import the lines that are left. None if it is done, deleted, failed, leased by another worker, or to be continued."""
    return work_on(ImportRun, run_id, _work, related=("center", "uploaded_by", "imported_by"))


def _work(run: ImportRun) -> ImportRun | None:
    try:
        by = _still_allowed(run)
        _check_file(run)
        importer = _IMPORTERS[ImportKind(run.kind)](run=run, by=by)
        with open_table(_file(run.path), ImportKind(run.kind)) as lines:
            is_done = _do_lines(run, lines, importer)
    except FileRefused as refusal:
        return refuse(run, refusal=code_of(refusal), refusal_facts=refusal.facts)
    if not is_done:
        release_lease(run)
        return None
    return _finish(run, by)


def _still_allowed(run: ImportRun) -> User:
    """In whose name the job works. Raises `NoLongerAllowed`."""
    by = run.imported_by or run.uploaded_by
    if not may(by, ACTS[ImportKind(run.kind)], on=run.center):
        raise NoLongerAllowed
    return by


def _check_file(run: ImportRun) -> None:
    """Raises `FileChanged`."""
    try:
        with _file(run.path).open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError as error:
        raise FileChanged from error
    if digest != run.sha256:
        raise FileChanged


def _do_lines(run: ImportRun, lines: Iterator[Line], importer: Importer) -> bool:
    """Do units of lines until none is left, which is true, or the time is over."""
    until = time.monotonic() + SECONDS_AT_A_TIME
    # What was done before this attempt, in pieces.
    done = run.position
    while done:
        before = list(islice(lines, min(done, LINES_IN_A_UNIT)))
        importer.remember(before)
        heartbeat(run)
        done -= len(before)
    size = min(LINES_IN_A_UNIT, _FEWER_LINES.get(ImportKind(run.kind), LINES_IN_A_UNIT))
    for unit in batched(lines, size, strict=False):
        if time.monotonic() > until:
            return False
        heartbeat(run)
        _do_unit(run, list(unit), importer)
    return True


@transaction.atomic
def _do_unit(run: ImportRun, unit: list[Line], importer: Importer) -> None:
    """One unit, its faults and the position after it: all of them, or none."""
    held = fenced(run)
    writes = held.phase == ImportPhase.IMPORT
    outcome = importer.do(unit, writes=writes)
    if not writes:
        _check_elsewhere(held, outcome)
    _keep_faults(held, outcome)
    held.position += len(unit)
    held.created += outcome.created
    held.changed += outcome.changed
    held.unchanged += outcome.unchanged
    held.faulty += outcome.faulty
    held.save(update_fields=["position", "created", "changed", "unchanged", "faulty"])
    run.position = held.position


def _check_elsewhere(run: ImportRun, outcome: Outcome) -> None:
    """Raises `TooManyElsewhere`."""
    here = sum(bool(remark.error.facts.get("elsewhere")) for remark in outcome.remarks)
    runs = _of_today(run.center, run.uploaded_by)
    if (
        here
        and here + ImportFault.objects.filter(run__in=runs, facts__elsewhere=True).count() > ELSEWHERE_A_DAY
    ):
        raise TooManyElsewhere(lines=ELSEWHERE_A_DAY)


def _keep_faults(run: ImportRun, outcome: Outcome) -> None:
    room = max(0, MOST_FAULTS - run.faults.count()) if outcome.remarks else 0
    ImportFault.objects.bulk_create(
        ImportFault(
            run=run,
            line=remark.line,
            column=remark.column,
            code=code_of(remark.error),
            facts=remark.error.facts,
            is_fault=remark.is_fault,
        )
        for remark in sorted(outcome.remarks, key=lambda one: one.line)[:room]
    )


@transaction.atomic
def _finish(run: ImportRun, by: User) -> ImportRun:
    ended = finish(run, lines=run.position)
    if ended.phase == ImportPhase.IMPORT:
        data = {
            "created": ended.created,
            "changed": ended.changed,
            "unchanged": ended.unchanged,
            "faulty": ended.faulty,
        }
        log(ended, "courses.import.finish", user=by, data=data)
    return ended


@transaction.atomic
def purge_imports() -> None:
    """Delete the files of imports that ended long ago. What they found and wrote stays known."""
    old = ImportRun.objects.select_for_update(of=("self",), skip_locked=True).filter(
        finished_at__lt=timezone.now() - RETENTION
    )
    for run in old.exclude(path=""):
        transaction.on_commit(partial(_file(run.path).unlink, missing_ok=True))
        run.path = ""
        run.save(update_fields=["path"])
