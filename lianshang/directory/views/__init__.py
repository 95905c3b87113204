"""The pages of the directory: signing in and out, and who stands in for whom."""
