"""Virtual classrooms: rooms, presence, hands, chat."""
