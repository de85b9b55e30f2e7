"""Certificates on paper from before the register: reads the index of an archive, its dates and its scans. Writes nothing."""
