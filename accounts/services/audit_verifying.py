"""Verifies the audit trail: finds rows and seals that were changed, and describes each."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from wagtail.models import ModelLogEntry, PageLogEntry

from accounts.audit.digests import chained
from accounts.models import AuditEntry, AuditSeal
from accounts.models.audit import AuditEntryQuerySet
from accounts.services.audit_erasing import ERASE, EXPIRE

ROWS_AT_ONCE = 500
# Comparing every wrong row with the place of every other one is only worth it for a few.
MOST_COMPARED = 200
# A day is sealed soon after it ends; a worker that is away over a weekend is not yet a finding.
LATEST_SEAL = dt.timedelta(days=3)


@dataclass(frozen=True)
class Finding:
    kind: str
    what: str


@dataclass
class AuditVerification:
    """One run over the whole trail; afterwards it says how much it saw."""

    # Seals that were written down elsewhere, by day.
    expected: Mapping[dt.date, str] = field(default_factory=dict)
    rows: int = 0
    erased: int = 0
    without_address: int = 0
    days: int = 0
    last_seal: str = ""
    found: int = 0

    def findings(self) -> Iterator[Finding]:
        self._erasures = _Erasures.read()
        for finding in self._all():
            self.found += 1
            yield finding

    def _all(self) -> Iterator[Finding]:
        before: AuditSeal | None = None
        for seal in AuditSeal.objects.order_by("day").iterator(chunk_size=50):
            yield from self._check_seal(seal, before)
            yield from self._check_day(seal, begun=before.through if before else 0)
            self.days, self.last_seal, before = self.days + 1, str(seal), seal
        yield from self._check_expected()
        rows = AuditEntry.objects.filter(pk__gt=before.through if before else 0)
        yield from self._check_rows(rows)
        yield from self._check_promptness(rows)
        yield from _unentered()

    def _check_seal(self, seal: AuditSeal, before: AuditSeal | None) -> Iterator[Finding]:
        day = seal.day.isoformat()
        if seal.digest != seal.own_digest():
            yield Finding("seal changed", f"The seal of {day} was changed.")
        if before is not None and seal.day != before.day + dt.timedelta(days=1):
            yield Finding(
                "seal removed",
                f"Between {before.day} and {day} seals are missing.",
            )
        elif seal.previous != (before.digest if before else ""):
            yield Finding(
                "chain broken",
                f"The seal of {day} does not follow the one of the day before.",
            )

    def _check_day(self, seal: AuditSeal, *, begun: int) -> Iterator[Finding]:
        rows = AuditEntry.objects.filter(pk__gt=begun, pk__lte=seal.through).order_by("pk")
        digests = dict(rows.values_list("pk", "digest"))
        sealed = set(seal.rows)
        for number in sorted(sealed - digests.keys()):
            yield Finding(
                "row removed",
                f"Row {number} of {seal.day} was removed.",
            )
        inserted = sorted(digests.keys() - sealed)
        for number in inserted:
            yield Finding(
                "row inserted",
                f"Row {number} was inserted into {seal.day} after the day was sealed.",
            )
        wrong = list(self._check_rows(rows.exclude(pk__in=inserted)))
        yield from wrong
        is_whole = sealed == digests.keys() and not wrong
        if is_whole and chained(digests[number] for number in seal.rows) != seal.rows_digest:
            yield Finding(
                "order changed",
                f"The rows of {seal.day} are not those, or not in the order, that were sealed.",
            )

    def _check_expected(self) -> Iterator[Finding]:
        for day, digest in self.expected.items():
            seal = AuditSeal.objects.filter(day=day).first()
            if seal is None or seal.digest != digest.strip().lower():
                yield Finding(
                    "other seal",
                    f"The seal of {day} is not the one that was written down.",
                )

    def _check_promptness(self, rows: AuditEntryQuerySet) -> Iterator[Finding]:
        oldest = rows.order_by("pk").values_list("at", flat=True).first()
        if oldest is not None and oldest < timezone.now() - LATEST_SEAL:
            yield Finding(
                "not sealed",
                f"Rows since {timezone.localdate(oldest)} are not sealed: seals were removed, or the task that seals"
                " does not run.",
            )

    def _check_rows(self, rows: AuditEntryQuerySet) -> Iterator[Finding]:
        wrong: list[AuditEntry] = []
        for entry in rows.with_contents().order_by("pk").iterator(chunk_size=ROWS_AT_ONCE):
            self.rows += 1
            self.erased += entry.erased_at is not None
            self.without_address += bool(entry.address_commitment) and entry.address is None
            log_entry = entry.log_entry
            if log_entry is None:
                yield Finding("words removed", f"What row {entry.pk} says was removed.")
            elif entry.digest != entry.digest_with(log_entry):
                wrong.append(entry)
            else:
                yield from self._check_words(entry, log_entry)
        yield from _told(wrong)

    def _check_words(self, entry: AuditEntry, log_entry: ModelLogEntry | PageLogEntry) -> Iterator[Finding]:
        if not entry.salt:
            if entry.pk not in self._erasures.erased or log_entry.label or log_entry.data:
                yield Finding(
                    "erased without a record",
                    f"The words of row {entry.pk} were taken out, and no erasure is recorded.",
                )
        elif entry.commitment != entry.commitment_to(log_entry):
            yield Finding("row changed", f"The words of row {entry.pk} were changed.")
        if entry.address is None:
            if entry.address_commitment and entry.at >= self._erasures.expired_before:
                yield Finding(
                    "address removed",
                    f"The address of row {entry.pk} was taken out before its time.",
                )
        elif not entry.address_salt or entry.address_commitment != entry.commitment_to_address():
            yield Finding("row changed", f"The address of row {entry.pk} was changed.")


@dataclass(frozen=True)
class _Erasures:
    """What valid rows of the trail say was taken out: words row by row, addresses up to a time."""

    erased: frozenset[int]
    expired_before: dt.datetime

    @classmethod
    def read(cls) -> "_Erasures":
        erased: set[int] = set()
        expired_before = dt.datetime.min.replace(tzinfo=dt.UTC)
        for entry in AuditEntry.objects.filter(action__in=[ERASE, EXPIRE]).with_contents():
            log_entry = entry.log_entry
            if log_entry is None or entry.digest != entry.digest_with(log_entry):
                continue
            if not entry.salt or entry.commitment != entry.commitment_to(log_entry):
                continue
            if entry.action == ERASE:
                erased.update(log_entry.data["rows"])
            elif before := parse_datetime(log_entry.data["before"]):
                expired_before = max(expired_before, before)
        return cls(frozenset(erased), expired_before)


def _told(wrong: list[AuditEntry]) -> Iterable[Finding]:
    """Distinguish rows that were exchanged from rows whose content was changed."""
    for entry in wrong:
        other = next(
            (
                one.pk
                for one in wrong[:MOST_COMPARED]
                if one is not entry and entry.digest == entry.digest_with(entry.log_entry, number=one.pk)
            ),
            None,
        )
        if other is not None:
            yield Finding(
                "row moved",
                f"Row {entry.pk} was moved: it was written as row {other}.",
            )
        else:
            yield Finding(
                "row changed",
                f"Row {entry.pk} was changed, or written past the application.",
            )


def _unentered() -> Iterator[Finding]:
    """Rows that the histories of the workplace show and the trail does not know."""
    for model, field_name in ((ModelLogEntry, "model_entry"), (PageLogEntry, "page_entry")):
        entered = Exists(AuditEntry.objects.filter(**{field_name: OuterRef("pk")}))
        for number in model.objects.filter(~entered).order_by("pk").values_list("pk", flat=True):
            yield Finding(
                "not in the trail",
                f"Row {number} of {model._meta.db_table} was written past the application: it is not in the trail.",
            )
