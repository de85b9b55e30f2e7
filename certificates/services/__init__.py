"""Services of the certificates app: all of its writes."""
