"""Issuing: numbers and frozen claims."""

import calendar
import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from itertools import batched
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from accounts.models import Center, User
from certificates.codes import new_code
from certificates.drawing import read_design
from certificates.enums import CredentialState, FileKind, Status
from certificates.models import (
    Credential,
    CredentialType,
    NumberSeries,
    Proposal,
    ProposalRow,
    RenderJob,
    SettledFee,
    StatusEvent,
)
from certificates.queries.terms import term_of
from certificates.services.designs import design_for, design_for_person
from certificates.services.doubts import carry_doubts
from certificates.services.eligibility import assessors_of_rows, markers_of_rows
from certificates.services.fees import fee_settled_by, use_fees
from certificates.signals import credential_status_changed
from courses.queries.timetable import teachers_of
from jobs.services.dispatch import dispatch_jobs

# Rows of one INSERT: keeps a statement small.
ROWS_AT_ONCE = 500


def next_numbers(*, center: Center, type_: CredentialType, year: int, count: int) -> list[str]:
    """Take the next `count` numbers of a center, a kind and a year, e.g. CAI-03/2026/000007.

    One upsert inside the caller's transaction: a rollback gives the numbers back, so the series has no gap and
    concurrent approvals of one center queue on the row.
    """
    with connection.cursor() as cursor:
        # Read under a lock: another transaction may be changing one of them before the first number of the series.
        cursor.execute(
            f"SELECT center.code, type.number_prefix FROM {Center._meta.db_table} AS center,"  # noqa: S608 - table names of our own
            f" {CredentialType._meta.db_table} AS type WHERE center.id = %s AND type.id = %s FOR KEY SHARE",
            [center.pk, type_.pk],
        )
        code, prefix = cursor.fetchone()
        cursor.execute(
            f"INSERT INTO {NumberSeries._meta.db_table} AS series (center_id, type_id, year, last)"  # noqa: S608 - a table name of our own
            " VALUES (%s, %s, %s, %s) ON CONFLICT (center_id, type_id, year)"
            " DO UPDATE SET last = series.last + EXCLUDED.last RETURNING last",
            [center.pk, type_.pk, year, count],
        )
        last = cursor.fetchone()[0]
    return [
        NumberSeries.written(number, code=code, prefix=prefix, year=year)
        for number in range(last - count + 1, last + 1)
    ]


def end_of_term(start: dt.date, months: int) -> dt.date:
    """The last day of a term of whole months: the day before its anniversary, or the end of a shorter month."""
    years, month = divmod(start.month - 1 + months, 12)
    year, month = start.year + years, month + 1
    day = min(start.day, calendar.monthrange(year, month)[1])
    return dt.date(year, month, day) - dt.timedelta(days=1)


@transaction.atomic
def issue(
    *,
    proposal: Proposal,
    rows: Sequence[ProposalRow],
    fees: Mapping[int, SettledFee | None],
    by: User,
    shown_design: str | None = None,
) -> list[Credential]:
    """Issue one certificate for each row, in the transaction of the approval; drawing follows the commit.

    `fees` are those of `locked_fees`, by the key of the row. `shown_design` is as described at `approve`. A certificate that a row corrects or renews ends in the same
    transaction. Raises what `design_for` raises, before any number is given.
    """
    design, assessors = design_for(proposal, rows, shown=shown_design), _assessors(proposal)
    today = timezone.localdate()
    _replace([row.corrects for row in rows if row.corrects], CredentialState.SUPERSEDED, proposal, by=by)
    _replace([row.renews for row in rows if row.renews], CredentialState.RENEWED, proposal, by=by)
    numbers = next_numbers(center=proposal.center, type_=proposal.type, year=today.year, count=len(rows))
    conditions = Conditions(proposal.type, rows, today)
    use_fees([settled for settled in fees.values() if settled])
    credentials: list[Credential] = []
    numbered = zip(numbers, rows, assessors_of_rows(rows), markers_of_rows(rows), strict=True)
    for chunk in batched(numbered, ROWS_AT_ONCE, strict=False):
        credentials += Credential.objects.bulk_create(
            Credential(
                type=proposal.type,
                kind=proposal.type.kind,
                number=number,
                code=new_code(),
                holder_id=row.person_id,
                enrollment_id=row.enrollment_id,
                center=proposal.center,
                proposal=proposal,
                claims=row.claims,
                design=design_for_person(design, row.person),
                issued_on=today,
                supersedes=row.corrects,
                renews=row.renews,
                proposed_by_id=proposal.proposed_by_id,
                approved_by=by,
                assessors=sorted(assessors | behind | marked),
                **fee_settled_by(fees[row.pk]),
                **conditions.of(row),
            )
            for number, row, behind, marked in chunk
        )
    carry_doubts(credentials, correction=proposal.correction)
    _announce(credentials, by=by)
    return credentials


class Conditions:
    """The validity periods of the certificates of a proposal: read once for each level."""

    def __init__(self, type_: CredentialType, rows: Iterable[ProposalRow], today: dt.date) -> None:
        levels = {row.claims.get("level") for row in rows}
        self.today = today
        self.months = {level: term_of(type_, level=level, day=today) for level in levels}

    def of(self, row: ProposalRow) -> dict[str, Any]:
        if row.corrects:
            # A correction changes the claims, not the validity period.
            return {"valid_from": row.corrects.valid_from, "valid_until": row.corrects.valid_until}
        level = row.claims.get("level")
        # The old certificate ends today, so the new one is valid from today; the remaining time of the old one is added.
        before = row.renews.valid_until if row.renews else None
        counted_from = max(self.today, before + dt.timedelta(days=1)) if before else self.today
        months = self.months[level]
        return {
            "valid_from": self.today,
            "valid_until": end_of_term(counted_from, months) if months else None,
        }


def _assessors(proposal: Proposal) -> set[int]:
    """Logins of who taught the cohort: they can neither propose nor approve."""
    return teachers_of(proposal.cohort) if proposal.cohort else set()


def _replace(replaced: Iterable[Credential], state: CredentialState, proposal: Proposal, *, by: User) -> None:
    """End certificates whose replacements or renewals are being issued."""
    status = Status.SUPERSEDED if state == CredentialState.SUPERSEDED else Status.RENEWED
    reason = proposal.correction if status == Status.SUPERSEDED else ""
    gone = list(replaced)
    now = timezone.now()
    if not gone:
        return
    # The events first: a trigger refuses a change of state without one.
    events = StatusEvent.objects.bulk_create(
        StatusEvent(credential=one, status=status, reason=reason, by=by, at=now) for one in gone
    )
    Credential.objects.filter(pk__in=[one.pk for one in gone]).update(state=state)
    for one in gone:
        one.state = state
    credential_status_changed.send(sender=StatusEvent, events=events)


def _announce(credentials: Sequence[Credential], *, by: User) -> None:
    """Write the first event of each certificate and queue its rendering."""
    now = timezone.now()
    events = StatusEvent.objects.bulk_create(
        (StatusEvent(credential=one, status=Status.ISSUED, by=by, at=now) for one in credentials),
        batch_size=ROWS_AT_ONCE,
    )
    request_rendering(RenderJob(credential=one, kind=kind) for one in credentials for kind in kinds_of(one))
    credential_status_changed.send(sender=StatusEvent, events=events)


def kinds_of(credential: Credential) -> list[FileKind]:
    """The kinds of files that a certificate and each of its copies are drawn as: the A4 page, and a card if the design has one."""
    has_card = read_design(credential.design).has_card_beside_page
    return [FileKind.CERTIFICATE, FileKind.CARD] if has_card else [FileKind.CERTIFICATE]


def request_rendering(jobs: Iterable[RenderJob]) -> list[RenderJob]:
    """Write render jobs and dispatch them."""
    made = RenderJob.objects.bulk_create(jobs, batch_size=ROWS_AT_ONCE)
    dispatch_jobs(RenderJob, [job.pk for job in made])
    return made
