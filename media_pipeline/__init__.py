"""Turns an upload into streams a trainee can play on a slow connection. Independent of courses."""
