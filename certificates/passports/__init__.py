"""The skills passport: its content, its signed form and its paper. Free of Django and of the database."""
