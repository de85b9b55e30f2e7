"""Work outside of a request: jobs are rows; a message only wakes a worker."""
