"""What a page costs in processor time, next to the least that the same servers can do."""
