"""Fault injection: storms of clients, and outages of what the site needs: `make storm`, `make faults`.

Both modes are started as an operator starts them, on a database and folders of their own; every figure is printed, and
the exit status says whether all of it was as docs/reference/testing.md promises.
"""
