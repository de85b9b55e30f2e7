"""A log that nobody, its keeper included, can change unnoticed: a Merkle tree (RFC 9162) with signed checkpoints."""
