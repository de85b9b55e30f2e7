"""The work of preparing videos: which step is next, what it does, and what follows for the whole job."""
