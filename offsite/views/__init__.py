"""What people are shown, cut to what each may see: one model a view, for pages, JSON and exports alike."""
