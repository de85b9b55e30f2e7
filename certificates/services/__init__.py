"""The verbs of issuing."""
