"""Prepares videos: leases the next step, runs it, and updates the whole job."""
