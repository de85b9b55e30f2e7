"""What one process that serves rooms holds: its hub, its broadcasts, who follows them, and what comes round in it."""
