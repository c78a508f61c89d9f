"""Alerts, concerns, who is not confirmed in place, and who looked."""
