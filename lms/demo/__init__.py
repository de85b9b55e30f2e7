"""The demo: realistic data, and the path of one trainee from catalog to certificate, through the site's own pages."""
