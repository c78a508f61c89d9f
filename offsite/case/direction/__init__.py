"""The direction itself: terms, plan, notice, recipients, period, readiness."""
