"""Deletes each `raise` of a refusal in turn: a test that reaches it has to fail (`make raises`)."""
