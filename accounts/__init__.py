"""People, their logins, their centers and their permissions. Depends on no other app."""
