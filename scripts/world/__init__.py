"""`make world`: random people of three centers and the ministry act on each other through the services, and invariants are checked after each act."""
