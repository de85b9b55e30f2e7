"""The data structures of the transparency log: a Merkle tree (RFC 9162) with signed checkpoints. A change by the operator is detectable."""
