"""Entering and changing what a school is: itself, its people, pupils and providers."""
