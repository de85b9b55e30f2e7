"""Verification of a list of codes, for employers."""

import csv
import re
from collections.abc import Iterator, Sequence
from itertools import islice

from django.utils.translation import gettext as _

from certificates.codes import LONGEST_TYPED, code_of_address, parse_code
from certificates.enums import LookupResult
from certificates.services.verification import Verification

MOST_CODES = 500
# No real spreadsheet about people has so many columns.
_MOST_CELLS = 100
_CELL_ENDS = re.compile(r"[,;\t]")
_NOTHING = re.compile(r'[\s,;"]*')
_HEADINGS = {"code", "codes", "verification code", "الرمز", "رمز", "رمز التحقق", "الكود", "كود"}
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


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


class _Echo:
    """A file object whose `write` returns the text."""

    def write(self, row: str) -> str:
        return row


def csv_of(answers: Sequence[Verification]) -> Iterator[str]:
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
    for one in answers:
        yield writer.writerow([_harmless(cell) for cell in _cells(one)])


def _cells(verification: Verification) -> tuple[str, ...]:
    answer = LookupResult(verification.result).label
    credential = verification.credential
    if credential is None:
        return verification.asked, str(answer), "", "", "", "", "", ""
    return (
        verification.asked,
        str(answer),
        credential.number,
        credential.claims.get("name_ar", ""),
        credential.claims.get("program_ar", ""),
        credential.issued_on.isoformat(),
        credential.valid_until.isoformat() if credential.valid_until else "",
        verification.replacement.number if verification.replacement else "",
    )


def _harmless(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula (OWASP, CSV injection)."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
