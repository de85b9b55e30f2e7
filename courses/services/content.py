"""Content of cohorts: pinned when a cohort opens, corrected where it must be, changed for a newer version by an act."""

from collections import defaultdict
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from wagtail.images.models import Image
from wagtail.log_actions import log
from wagtail.models import Locale

from accounts.enums import Act
from accounts.models import User
from accounts.scoping import may_everywhere
from courses.enums import CohortState, CorrectionReason, EnrollmentState
from courses.errors import (
    CohortClosed,
    ContentUnchanged,
    NoCohortToCorrect,
    PageNotYours,
    ProgramHasNoUnits,
    ReasonMissing,
)
from courses.models import (
    Cohort,
    ContentVersion,
    CorrectionAnnouncement,
    PinnedFile,
    PinnedUnit,
    ProgramPage,
    UnitPage,
    UrgentCorrection,
)
from courses.queries.content import versions_teaching
from courses.queries.pinning import files_shown_by, pin_of, published_in_every_language, published_units
from courses.services.completion import complete_if_eligible, require_tests_of
from courses.services.locks import locked_cohort
from jobs.dispatching import dispatch
from media_pipeline.models import PublishedVersion


@transaction.atomic
def freeze_content(*, program_id: int, by: User) -> ContentVersion:
    """Freeze the published units of a program, in teaching order and in every language, as a content version.

    `program_id` may be the page in any language; the source language (the site's default) says which units there are. The
    newest version is returned as it is when nothing changed since. Raises `ProgramHasNoUnits`.
    """
    program = _locked_source(program_id)
    units = _published_units(program)
    if not units:
        raise ProgramHasNoUnits
    newest = program.content_versions.first()
    if newest and newest.units == units:
        return newest
    version = ContentVersion.objects.create(
        program=program,
        number=newest.number + 1 if newest else 1,
        units=units,
        frozen_at=timezone.now(),
    )
    log(version, "courses.content.freeze", user=by, data={"program": program.code, "units": len(units)})
    return version


@transaction.atomic
def take_newest_content(*, cohort_id: int, reason: str, by: User) -> Cohort:
    """Move a cohort to the content that is published today. Progress stays with its units.

    Who has all that the rule asks for by then completes. Raises `CohortClosed`, `ReasonMissing`, `ProgramHasNoUnits`,
    `ContentUnchanged`, `RuleNamesATestThatIsGone`.
    """
    reason = reason.strip()
    if not reason:
        raise ReasonMissing
    cohort = locked_cohort(cohort_id)
    if cohort.state == CohortState.CLOSED:
        raise CohortClosed
    before = cohort.content_version
    version = freeze_content(program_id=cohort.program_id, by=by)
    if before == version:
        raise ContentUnchanged
    if cohort.completion_rule:
        require_tests_of(cohort.completion_rule, [unit["unit"] for unit in version.units])
    cohort.content_version = version
    cohort.save(update_fields=["content_version"])
    numbers = {"from": before.number if before else None, "to": version.number}
    log(cohort, "courses.cohort.take_content", user=by, data={**numbers, "reason": reason})
    _complete_in(cohort)
    return cohort


@transaction.atomic
def correct_urgently(
    *, unit_key: UUID, reason: CorrectionReason, note: str, by: User
) -> list[UrgentCorrection]:
    """Bring what is published of a unit now to every cohort that is not closed; take the unit out where nothing is published.

    A unit taken out is neither shown nor asked for; what was done in it stays on record. `note` is shown to the trainees,
    and sent to them by a task (`correction_notices`).
    The ministry's. Raises `PageNotYours`, `ReasonMissing`, `NoCohortToCorrect`.
    """
    note = note.strip()
    if not note:
        raise ReasonMissing
    if not may_everywhere(by, Act.CORRECT_CONTENT):
        raise PageNotYours
    key = str(unit_key)
    in_use = versions_teaching(unit_key)
    for program_id in sorted(set(in_use.values_list("program", flat=True))):
        _locked_source(program_id)
    now = _entries(published_in_every_language([unit_key])).get(key)
    corrections = []
    for version in in_use.order_by("pk"):
        before = next(unit for unit in version.units if unit["unit"] == key)
        # Whether it is required stays as it was promised.
        after = {**now, "required": before["required"]} if now else None
        if after == before:
            continue
        corrections.append(
            UrgentCorrection.objects.create(
                version=version,
                unit_key=unit_key,
                before=before,
                after=after,
                reason=reason,
                note=note,
                by=by,
            )
        )
        version.units = [
            unit if unit["unit"] != key else after for unit in version.units if after or unit["unit"] != key
        ]
        version.save(update_fields=["units"])
        facts = {"unit": before["title"], "correction_reason": reason, "note": note, "is_out": after is None}
        log(version, "courses.content.correct", user=by, data=facts)
        dispatch("courses.tasks.complete_who_is_eligible", version.pk)
    CorrectionAnnouncement.objects.bulk_create(
        CorrectionAnnouncement(correction=correction) for correction in corrections
    )
    if not corrections:
        raise NoCohortToCorrect
    return corrections


def complete_who_is_eligible(*, version_id: int) -> None:
    """Complete the active enrollments under a content version that meet their rule, each in its own transaction.

    Safe to call at any time and again.
    """
    learning = Cohort.objects.filter(content_version=version_id).exclude(state=CohortState.CLOSED)
    for cohort in learning.order_by("pk"):
        _complete_in(cohort)


def _complete_in(cohort: Cohort) -> None:
    active = cohort.enrollments.filter(state=EnrollmentState.ACTIVE).order_by("pk")
    for key in active.values_list("pk", flat=True):
        complete_if_eligible(enrollment_id=key)


def pin_video(version: PublishedVersion) -> None:
    """Give units that were pinned before their video was ready this first version of it."""
    PinnedUnit.objects.filter(video=version.video_id, video_version=None).update(video_version=version)


def _locked_source(program_id: int) -> ProgramPage:
    """The program in the site's source language, locked so that two freezes number one after the other."""
    program = ProgramPage.objects.get(pk=program_id)
    source = program.get_translation_or_none(Locale.get_default()) or program
    return ProgramPage.objects.select_for_update(no_key=True, of=("self",)).get(pk=source.pk)


def _published_units(program: ProgramPage) -> list[dict[str, Any]]:
    sources = published_units(program)
    keys = [page.translation_key for page in sources]
    known = {page.pk for page in sources}
    others = [page for page in published_in_every_language(keys) if page.pk not in known]
    entries = _entries([*sources, *others])
    return [entries[str(key)] for key in keys]


def _entries(pages: list[UnitPage]) -> dict[str, dict[str, Any]]:
    """The entry of each unit, by its key, from its published pages, the source language's first. Pins what is not pinned yet."""
    by_unit: dict[str, list[tuple[UnitPage, PinnedUnit]]] = defaultdict(list)
    for page, row in zip(pages, _pinned(pages), strict=True):
        by_unit[str(page.translation_key)].append((page, row))
    entries = {}
    source = Locale.get_default().pk
    for key, found in by_unit.items():
        found.sort(key=lambda pair: pair[0].locale_id != source)
        first = found[0][0]
        entries[key] = {
            "unit": key,
            "kind": first._meta.model_name.removesuffix("page"),
            "title": first.title,
            "titles": {page.locale.language_code: page.title for page, _row in found},
            "required": first.is_required,
            "completes_by": first.completes_by(),
            "pinned": {page.locale.language_code: row.pk for page, row in found},
        }
    return entries


def _pinned(pages: list[UnitPage]) -> list[PinnedUnit]:
    """The stored row of each page. The program's lock keeps two from pinning the same."""
    wanted = [pin_of(page) for page in pages]
    known = {
        _identity(row): row
        for row in PinnedUnit.objects.filter(unit_key__in={row.unit_key for row in wanted}).defer("content")
    }
    fresh = [(page, row) for page, row in zip(pages, wanted, strict=True) if _identity(row) not in known]
    PinnedUnit.objects.bulk_create(row for _page, row in fresh)
    PinnedFile.objects.bulk_create(
        PinnedFile(unit=row, **{"image_id" if model is Image else "document_id": key})
        for page, row in fresh
        for model, key in dict.fromkeys(files_shown_by(page))
    )
    return [known.get(_identity(row), row) for row in wanted]


def _identity(row: PinnedUnit) -> tuple[UUID, int, str]:
    return row.unit_key, row.locale_id, row.digest
