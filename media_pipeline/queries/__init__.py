"""Queries about videos."""
