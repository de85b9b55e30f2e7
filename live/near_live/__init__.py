"""Classes followed nearly live, by fragments over a socket: an engine that a site may do without."""
