"""What becomes of the site under storms of clients and while something it needs is away: `make storm`, `make faults`.

Both modes are started as an operator starts them, on a database and folders of their own; every figure is printed, and
the exit status says whether all of it was as docs/reference/testing.md promises.
"""
