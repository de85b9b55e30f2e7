"""Programs, cohorts, enrollments, progress, attendance and completion."""
