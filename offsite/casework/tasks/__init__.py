"""What people must do: gates to the start, kinds of tasks, the open ones."""
