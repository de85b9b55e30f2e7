"""Credentials with an embedded Data Integrity proof: an optional engine."""
