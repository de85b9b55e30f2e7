"""The other side of our formats, as a verifier or an auditor writes it: it reads what we sign, or raises NotAuthentic."""
