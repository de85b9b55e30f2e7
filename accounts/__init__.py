"""Who people are, which centers they belong to and what they may do there. Knows nobody."""
