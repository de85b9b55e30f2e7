"""Services of the accounts app, one module for each noun."""
