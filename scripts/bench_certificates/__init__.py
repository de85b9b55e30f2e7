"""What a certificate costs."""
