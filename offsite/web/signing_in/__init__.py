"""Signing in and out, invitations, one-time codes, OpenID Connect, one's own account."""
