"""Grades neural-network exercises written from first principles."""

__version__ = "0.1.0"
