"""What a live room costs, on this machine: `make bench BENCH=live` (docs/explanation/live-kernel.md)."""
