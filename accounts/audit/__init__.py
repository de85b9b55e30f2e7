"""What the audit trail is made of, apart from its rows: digests, and where the current request comes from."""
