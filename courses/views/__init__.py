"""What visitors and trainees see."""
