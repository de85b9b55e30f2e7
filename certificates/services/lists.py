"""Many codes at a time, for employers."""

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from django.utils import timezone
from django.utils.translation import gettext as _

from certificates.codes import LONGEST_TYPED, code_of_address, parse_code
from certificates.enums import LookupResult, LookupVia
from certificates.models import Credential, Lookup
from certificates.services.allowances import client_hash
from certificates.services.verification import Verification, answer_about, with_neighbors

MOST_CODES = 500
# A spreadsheet with everything about a person has fewer columns.
_MOST_CELLS = 100
_CELL_ENDS = re.compile(r"[,;\t]")
_NOTHING = re.compile(r'[\s,;"]*')
_HEADINGS = {"code", "codes", "verification code", "الرمز", "رمز", "رمز التحقق", "الكود", "كود"}
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Line:
    """One asked-for code as it was typed, and the answer."""

    typed: str
    verification: Verification


def codes_in(text: str) -> list[str]:
    """What a pasted list or a CSV file asks about: of each line the cell that is a code, else the first one.

    A heading and empty lines are left out. An address of ours counts as its code. Of a list with more than MOST_CODES
    there are just more than that: nothing is read after them.
    """
    lines = (
        line for line in text.replace("\0", "").splitlines() if not _NOTHING.fullmatch(line, 0, LONGEST_TYPED)
    )
    found = [_asked_in(line) for line in islice(lines, MOST_CODES + 2)]
    return found[1:] if found and found[0].casefold() in _HEADINGS else found


def _asked_in(line: str) -> str:
    cells = [cell.strip().strip('"').strip() for cell in _CELL_ENDS.split(line[:LONGEST_TYPED], _MOST_CELLS)]
    cells = [code_of_address(cell) for cell in cells if cell]
    return next((cell for cell in cells if parse_code(cell)), cells[0][:60])


def verify_list(*, typed: Sequence[str], address: str) -> list[Line]:
    """Look up many codes in a constant number of queries, and keep a line about each."""
    codes = {one: parse_code(one) for one in typed}
    credentials = with_neighbors(Credential.objects.filter(code__in={*codes.values()} - {None}))
    known = {one.code: answer_about(one) for one in credentials.prefetch_related("events")}
    lines = [Line(one, _answer(codes[one], known)) for one in typed]
    now, client = timezone.now(), client_hash(address)
    Lookup.objects.bulk_create(
        Lookup(
            code=line.verification.code,
            result=line.verification.result,
            via=LookupVia.LIST,
            at=now,
            client_hash=client,
        )
        for line in lines
    )
    return lines


def _answer(code: str | None, known: dict[str, Verification]) -> Verification:
    if code is None:
        return Verification(LookupResult.MALFORMED, "")
    return known.get(code) or Verification(LookupResult.UNKNOWN, code)


class _Echo:
    """A file that hands back what is written."""

    def write(self, row: str) -> str:
        return row


def csv_of(lines: Sequence[Line]) -> Iterator[str]:
    """The answers as CSV (RFC 4180), headed, with the mark that makes spreadsheets read it as UTF-8."""
    writer = csv.writer(_Echo())
    heading = (
        _("Code"),
        _("Answer"),
        _("Certificate number"),
        _("Name as printed"),
        _("Program"),
        _("Issued on"),
        _("Valid until"),
        _("Replaced by"),
    )
    yield "\ufeff" + writer.writerow(heading)
    for line in lines:
        yield writer.writerow([_harmless(cell) for cell in _cells(line)])


def _cells(line: Line) -> tuple[str, ...]:
    verification = line.verification
    answer = LookupResult(verification.result).label
    credential = verification.credential
    if credential is None:
        return line.typed, str(answer), "", "", "", "", "", ""
    return (
        line.typed,
        str(answer),
        credential.number,
        credential.facts.get("name_ar", ""),
        credential.facts.get("program_ar", ""),
        credential.issued_on.isoformat(),
        credential.valid_until.isoformat() if credential.valid_until else "",
        verification.successor.number if verification.successor else "",
    )


def _harmless(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula (OWASP, CSV injection)."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
