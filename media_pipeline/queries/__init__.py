"""What can be asked about videos."""
