"""The work of preparing videos: starting, claiming, working, settling, canceling, retrying, sweeping."""
