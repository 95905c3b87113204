"""Views of reports, by noun."""
