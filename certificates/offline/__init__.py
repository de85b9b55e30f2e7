"""Offline verification: the payload of QR codes, and the documents that a verifier caches."""
