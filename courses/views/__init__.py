"""Public views and views of trainees."""
