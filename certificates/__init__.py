"""Freezes an achievement into a document anyone can verify."""
