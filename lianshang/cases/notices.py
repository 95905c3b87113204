"""What of a case is told to whom. The handlers read committed events and run at least once."""
