"""The question bank in the staff workplace. Services own the writes."""
