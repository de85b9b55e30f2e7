"""Helpers of the audit trail: digests, labels of data, and the IP address of the current request."""
