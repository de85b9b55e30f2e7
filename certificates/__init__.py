"""Certificates: proposal, approval, issue, rendering, sealing and public verification."""
