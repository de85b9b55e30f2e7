"""Test worlds in a line each; one module an app."""
