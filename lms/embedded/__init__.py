"""The whole platform on one machine with nothing installed: database, web, worker and beat from one command."""
