"""Raises that may be deleted without a test that fails, each with the reason. One that a test kills must leave this table."""

EXCUSES = {
    "assessment.services.decisions:declare_void:NotMarkedYet": (
        "correct_marks, which it calls next, refuses an attempt without marks by the same error"
    ),
}
