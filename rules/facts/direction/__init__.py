"""Facts about the direction: its purpose and plan, the notice, what must be there before the start."""
