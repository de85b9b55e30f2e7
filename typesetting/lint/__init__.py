"""Checks files against the rules of PDF/A-3a (ISO 19005-3, level A) and PDF/UA-1 (ISO 14289-1).

    findings = lint(document.finish())

It is for files that this package makes, and so is stricter than the standards where that is shorter: fonts are
composite TrueType, nothing is encrypted, objects are not in streams. It reads; it never repairs.
"""

from . import accessibility, archive, fonts
from .subject import Finding, Rule, Subject

__all__ = ["RULES", "Finding", "lint"]

RULES: tuple[Rule, ...] = (*archive.RULES, *fonts.RULES, *accessibility.RULES)


def lint(pdf: bytes) -> list[Finding]:
    """Every rule the file breaks, in the order of the rules; none for a good file.

    Raises pikepdf.PdfError for what is no PDF file, and pikepdf.PasswordError for an encrypted one.
    """
    with Subject.open(pdf) as subject:
        return [
            Finding(clause=rule.clause, message=message)
            for rule in RULES
            for message in rule.broken_by(subject)
        ]
