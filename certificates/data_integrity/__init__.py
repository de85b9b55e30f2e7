"""Credentials with a Data Integrity proof inside: an engine that a site may do without."""
