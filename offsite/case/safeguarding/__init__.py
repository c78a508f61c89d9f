"""Vulnerability, concerns and the provider's checks."""
