"""The store of films in an S3-compatible bucket: an engine that a site may do without."""
