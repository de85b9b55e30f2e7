"""The workspace of a cohort: its people with what they have to show, who is at risk, and what may be done with many at once."""
