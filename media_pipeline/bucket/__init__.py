"""Keeps renditions in an S3-compatible bucket: an optional engine."""
