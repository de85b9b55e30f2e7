"""Turns an upload into streams a trainee can play on a bad line. Knows no course."""
