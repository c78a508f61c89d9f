"""The direction: proposing, determining, giving notice, the plan, the start."""
