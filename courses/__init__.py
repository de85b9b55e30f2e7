"""What is taught, to whom, and how far they are."""
