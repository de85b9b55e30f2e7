"""Certificates on paper from before the register: parsers of the index of an archive and of its scans. Free of the database."""
