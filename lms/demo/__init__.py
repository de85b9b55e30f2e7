"""A believable world, and one trainee's road through it, walked as a browser walks it."""
