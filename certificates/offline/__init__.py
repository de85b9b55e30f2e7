"""Certificates checked without a network: what a QR code carries, and what a verifier keeps at hand to judge it."""
