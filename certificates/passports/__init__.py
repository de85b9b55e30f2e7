"""The skills passport: its content, its signed form and its PDF. Free of Django and of the database."""
