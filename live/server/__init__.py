"""State of a process that serves rooms: its hub, its broadcasts, their viewers, and its scheduler."""
