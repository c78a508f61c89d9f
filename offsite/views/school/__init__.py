"""The school: its people, providers, registers, settings, health; what the authority sees of it."""
