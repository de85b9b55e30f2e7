"""Readers of our formats, as a verifier or an auditor would write them: they read what we sign, or raise NotAuthentic."""
