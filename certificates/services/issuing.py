"""Numbers, frozen facts and the end of a certificate."""

from functools import partial
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from wagtail.log_actions import log

from accounts.enums import Act
from accounts.models import Center, User
from accounts.scoping import may
from certificates import tasks
from certificates.codes import new_code
from certificates.drawing import check_printable
from certificates.enums import RevocationReason, Status
from certificates.errors import AlreadyRevoked, CannotBePrinted, NotAllowedHere
from certificates.models import (
    Credential,
    NumberSeries,
    Proposal,
    ProposalRow,
    RenderJob,
    StatusEvent,
)
from courses.models import ProgramPage
from typesetting import TypesettingError


def next_numbers(*, center: Center, year: int, count: int) -> list[str]:
    """Take the next `count` numbers of a center's year, e.g. CAI-03/2026/000007.

    One upsert inside the caller's transaction: a rollback gives the numbers back, so the series has no gap and
    concurrent approvals of one center queue on the row.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {NumberSeries._meta.db_table} AS series (center_id, year, last) VALUES (%s, %s, %s)"  # noqa: S608 - a table name of our own
            " ON CONFLICT (center_id, year) DO UPDATE SET last = series.last + EXCLUDED.last RETURNING last",
            [center.pk, year, count],
        )
        last = cursor.fetchone()[0]
    return [f"{center.code}/{year}/{number:06}" for number in range(last - count + 1, last + 1)]


def _titles(program: ProgramPage) -> dict[str, str]:
    """The program's title by language; a missing translation prints the source title."""
    titles = {page.locale.language_code: page.title for page in program.get_translations(inclusive=True)}
    return {f"program_{language}": titles.get(language) or program.title for language in ("ar", "en")}


def _level_names(program: ProgramPage) -> dict[str, str]:
    return {"level_ar": program.level.name_ar, "level_en": program.level.name_en}


def _cohort_facts(proposal: Proposal) -> dict[str, Any]:
    """What the paper says about the program, the cohort and the center."""
    cohort, program, center = proposal.cohort, proposal.cohort.program, proposal.cohort.center
    return {
        **_titles(program),
        **_level_names(program),
        "program_code": program.code,
        "hours": program.hours,
        "center_ar": center.name_ar,
        "center_en": center.name_en,
        "governorate_ar": center.governorate.name_ar,
        "governorate_en": center.governorate.name_en,
        "cohort": cohort.code,
        "starts_on": cohort.starts_on.isoformat(),
        "ends_on": cohort.ends_on.isoformat(),
        "content_version": cohort.content_version.number if cohort.content_version else None,
    }


def _facts(row: ProposalRow, shared: dict[str, Any]) -> dict[str, Any]:
    """Everything the paper says about one person, known to be printable."""
    person = row.enrollment.person
    facts = {
        **shared,
        "name_ar": person.full_name_ar,
        "name_en": person.full_name_en,
        "completed_on": timezone.localdate(row.enrollment.completed_at).isoformat(),
        "rule_version": row.eligibility.rule.version,
    }
    try:
        check_printable(facts)
    except TypesettingError as error:
        raise CannotBePrinted(person=person, why=error) from error
    return facts


@transaction.atomic
def issue(*, proposal: Proposal, rows: list[ProposalRow], by: User) -> list[Credential]:
    """Number and freeze one certificate a row, in the approval's own transaction; drawing follows the commit."""
    today = timezone.localdate()
    shared, design = _cohort_facts(proposal), proposal.template.design()
    numbers = next_numbers(center=proposal.cohort.center, year=today.year, count=len(rows))
    credentials = Credential.objects.bulk_create(
        Credential(
            number=number,
            code=new_code(),
            enrollment=row.enrollment,
            center=proposal.cohort.center,
            proposal=proposal,
            facts=_facts(row, shared),
            design=design,
            issued_on=today,
            proposed_by=proposal.proposed_by,
            approved_by=by,
        )
        for number, row in zip(numbers, rows, strict=True)
    )
    StatusEvent.objects.bulk_create(
        StatusEvent(credential=credential, status=Status.ISSUED, by=by, at=timezone.now())
        for credential in credentials
    )
    jobs = RenderJob.objects.bulk_create(RenderJob(credential=credential) for credential in credentials)
    for job in jobs:
        # Robust: when the broker is away the row is still there, and the sweep rings later.
        transaction.on_commit(partial(tasks.render.delay, job.pk), robust=True)
    return credentials


@transaction.atomic
def revoke(*, credential_id: int, reason: RevocationReason, note: str, by: User) -> Credential:
    """End a certificate, with a reason that the public page tells. The paper's row stays as it was."""
    credential = (
        Credential.objects.select_for_update(of=("self",)).select_related("center").get(pk=credential_id)
    )
    if not may(by, Act.REVOKE_CERTIFICATES, on=credential):
        raise NotAllowedHere(center=credential.center)
    if not credential.is_live:
        raise AlreadyRevoked(number=credential.number)
    credential.is_live = False
    credential.save(update_fields=["is_live"])
    StatusEvent.objects.create(
        credential=credential,
        status=Status.REVOKED,
        reason=reason,
        note=note.strip(),
        by=by,
        at=timezone.now(),
    )
    log(credential, "certificates.revoke", user=by, data={"reason": reason, "note": note.strip()})
    return credential
