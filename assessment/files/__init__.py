"""Files that people send as answers: recognized by their content, and written again by this site without what a device notes in them."""
