"""Registers, contacts and visits."""
