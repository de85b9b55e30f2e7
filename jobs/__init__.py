"""Work outside of a request: rows say what is to be done, messages only ask workers to look."""
