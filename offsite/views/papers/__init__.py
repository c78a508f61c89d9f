"""Duties of the clock, and the papers they ask for."""
