"""All certificates of a proposal in one file: a ZIP to keep, or pages to print in the order of names."""

import datetime as dt
import secrets
import shutil
import zipfile
from collections.abc import Iterator
from functools import partial
from itertools import batched, chain
from pathlib import Path

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from wagtail.log_actions import log

from accounts.enums import Act
from accounts.models import User
from accounts.scoping import may
from certificates.drawing import write_print_run
from certificates.enums import BundleKind, FileKind, Status
from certificates.errors import NotAllowedHere, NothingDrawn
from certificates.models import Artifact, Bundle, Proposal, StatusEvent
from certificates.queries.batches import files_for
from certificates.services.file_storage import last_written, move_into_place, private_path, temporary_file
from jobs.services.dispatch import dispatch_jobs
from jobs.services.leases import finish
from jobs.services.recovery import restart
from jobs.services.working import work_on

FOLDER = "certificates-bundles"
RETENTION = dt.timedelta(days=7)
# A longer print run is several files, so that memory stays flat and a printer can take them.
PAPERS_IN_A_FILE = 500
# Outside the trim of every sheet.
PRINT_RUN_WORDS = "طبعة للمطبعة بلا ختم إلكتروني · Print run, no seal"
_SUFFIX = {".pdf": "application/pdf", ".zip": "application/zip"}


def content_type_of(bundle: Bundle) -> str:
    return _SUFFIX[Path(bundle.path).suffix]


def file_name_of(bundle: Bundle) -> str:
    """The file name for downloads."""
    return f"{file_stem_of(bundle)}{Path(bundle.path).suffix}"


def file_stem_of(bundle: Bundle) -> str:
    """The file name without its suffix: code of the cohort or center, proposal, kind of file."""
    about = bundle.proposal.cohort.code if bundle.proposal.cohort else bundle.proposal.center.code
    return f"{about}-{bundle.proposal_id}-{bundle.kind}".replace("/", "-")


@transaction.atomic
def request_bundle(*, proposal_id: int, kind: BundleKind, by: User) -> Bundle:
    """Queue the making of a bundle, unless it is being made or is complete. Raises NotAllowedHere, NothingDrawn."""
    proposal = Proposal.objects.select_for_update(of=("self",)).select_related("center").get(pk=proposal_id)
    if not may(by, Act.VIEW_CERTIFICATES, on=proposal):
        raise NotAllowedHere(center=proposal.center)
    papers = files_for(kind, proposal).count()
    if not papers:
        raise NothingDrawn
    bundle = Bundle.objects.select_for_update().filter(proposal=proposal, kind=kind).first()
    if bundle is None:
        bundle = Bundle.objects.create(proposal=proposal, kind=kind, requested_by=by)
        dispatch_jobs(Bundle, [bundle.pk])
    elif bundle.is_open or _is_complete(bundle, papers):
        return bundle
    else:
        _delete_file(bundle)
        restart(Bundle, [bundle.pk])
        Bundle.objects.filter(pk=bundle.pk).update(
            path="", expires_at=None, requested_by=by, requested_at=timezone.now()
        )
        bundle.refresh_from_db()
    log(proposal, "certificates.bundle", user=by, data={"kind": kind})
    return bundle


def _is_complete(bundle: Bundle, papers: int) -> bool:
    """Whether the bundle has a file of today's `papers`: as many, and none that ended or was reinstated since."""
    if not bundle.expires_at or bundle.expires_at <= timezone.now() or bundle.papers != papers:
        return False
    moves = StatusEvent.objects.filter(credential__proposal=bundle.proposal_id, at__gte=bundle.requested_at)
    return not moves.exclude(status=Status.COPIED).exists()


def make_bundle(*, bundle_id: int) -> Bundle | None:
    """Make the file of a bundle. None if it is done, deleted, failed or leased by another worker.

    An error is kept on the row and raised.
    """
    return work_on(Bundle, bundle_id, _make, related=("proposal",))


def _make(bundle: Bundle) -> Bundle:
    with temporary_file() as file:
        papers, suffix = _write(bundle, file)
        return _finish(bundle, file, papers=papers, suffix=suffix)


def _write(bundle: Bundle, file: Path) -> tuple[int, str]:
    """Write the file; return how many files are in it, and the suffix of its name."""
    papers = files_for(BundleKind(bundle.kind), bundle.proposal)
    if bundle.kind == BundleKind.ZIP:
        return _write_zip(papers.order_by("credential__number", "-kind"), file), ".zip"
    in_order = papers.order_by("credential__holder__folded_name", "credential__number")
    runs = batched(_files(in_order), PAPERS_IN_A_FILE, strict=False)
    about = f"{PRINT_RUN_WORDS} · {file_stem_of(bundle)}"
    first = next(runs, ())
    write_print_run(first, file, about=about)
    second = next(runs, None)
    if second is None:
        return len(first), ".pdf"
    return _write_many_runs(first, second, runs, file, about=about), ".zip"


def _files(papers: QuerySet[Artifact]) -> Iterator[Path]:
    for name in papers.values_list("path", flat=True).iterator(chunk_size=500):
        yield private_path(name)


def _write_zip(papers: QuerySet[Artifact], file: Path) -> int:
    """One PDF after the other, uncompressed: their streams are compressed already."""
    count = 0
    rows = papers.values_list("credential__number", "kind", "path").iterator(chunk_size=500)
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        for number, kind, name in rows:
            card = "-card" if kind == FileKind.CARD else ""
            archive.write(private_path(name), f"{number.replace('/', '-')}{card}.pdf")
            count += 1
    return count


def _write_many_runs(
    first: tuple[Path, ...],
    second: tuple[Path, ...],
    rest: Iterator[tuple[Path, ...]],
    file: Path,
    *,
    about: str,
) -> int:
    """A ZIP of print runs, numbered in their order. `file` holds the first one and is replaced."""
    count = len(first)
    with temporary_file() as archive_file, temporary_file() as part:
        with zipfile.ZipFile(archive_file, "w", zipfile.ZIP_STORED) as archive:
            archive.write(file, "001.pdf")
            for number, papers in enumerate(chain((second,), rest), start=2):
                write_print_run(papers, part, about=f"{about} · {number:03}")
                archive.write(part, f"{number:03}.pdf")
                count += len(papers)
        shutil.move(archive_file, file)
    return count


@transaction.atomic
def _finish(bundle: Bundle, file: Path, *, papers: int, suffix: str) -> Bundle:
    made = finish(
        bundle,
        path=f"{FOLDER}/{bundle.public_id}-{secrets.token_hex(4)}{suffix}",
        papers=papers,
        size=file.stat().st_size,
        expires_at=timezone.now() + RETENTION,
    )
    move_into_place(file, made.path)
    return made


def _delete_file(bundle: Bundle) -> None:
    if bundle.path:
        transaction.on_commit(partial(private_path(bundle.path).unlink, missing_ok=True))


@transaction.atomic
def purge_bundles() -> None:
    """Delete expired bundles, and files without a row."""
    for bundle in Bundle.objects.select_for_update(skip_locked=True).filter(expires_at__lte=timezone.now()):
        _delete_file(bundle)
        bundle.delete()
    _delete_orphaned_files()


def _delete_orphaned_files() -> None:
    """Delete the files of processes that died between renaming their file and the commit."""
    folder = private_path(FOLDER)
    if not folder.is_dir():
        return
    named = set(Bundle.objects.exclude(path="").values_list("path", flat=True))
    before = (timezone.now() - Bundle.lease).timestamp()
    for file in folder.iterdir():
        if f"{FOLDER}/{file.name}" not in named and last_written(file) < before:
            file.unlink(missing_ok=True)
