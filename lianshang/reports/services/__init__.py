"""Every write of reports, by noun."""
