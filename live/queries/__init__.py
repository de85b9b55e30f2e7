"""Queries of live classes: admission, events, presence."""
