"""Forms of people, roles and logins."""
