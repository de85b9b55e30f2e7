"""Raises that may be deleted without a test that fails, each with the reason. One that a test kills must leave this table."""

EXCUSES = {
    "courses.imports.spreadsheets:_rows:FormulaInside": "the words of a formula begin with =, which each cell is refused for by the same error",
    "live.services.decks:_kinds_of:SlidesRefused": "a file of no kind is no PDF and no picture, which the last line refuses, too",
    "live.services.voice:_require_called:NotCalled": "staff raise no hand, and who raised none is refused by the same error",
    "assessment.services.decisions:declare_void:NotMarkedYet": (
        "correct_marks, which it calls next, refuses an attempt without marks by the same error"
    ),
}
