"""The verbs of live classes."""
