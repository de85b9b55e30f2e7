"""Speech recognition by a program of the operator: an optional engine."""
