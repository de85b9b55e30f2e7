"""Everything the people app does, by noun; this is the list others may call."""
