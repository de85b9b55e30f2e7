"""Quizzes: questions, attempts and marks."""
