"""Services of media: everything that changes a row."""
