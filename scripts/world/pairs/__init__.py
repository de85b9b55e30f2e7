"""`make world PAIRS=yes`: two acts at once on two connections, one of them stopped at each of its locks. What comes out has to be what one of the two orders gives."""
