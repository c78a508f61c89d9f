"""Signing in: passwords, one-time codes, lock-out, sessions, invitations, tokens and signed links. Time is handed in."""
