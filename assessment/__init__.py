"""Asks, marks and records attempts."""
