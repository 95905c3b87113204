"""What people type into reports, by noun."""
