"""Every write of Party organisations. Each deed takes its day, which has come, and leaves a line on record."""
