"""Reads: who studies what, how far they are and what is left to do."""
