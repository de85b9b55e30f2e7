"""What saving answers costs, and whether an exam of thousands loses one when servers are killed."""
