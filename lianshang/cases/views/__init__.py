"""The pages of cases: thin, a view finds the case through access and hands what was asked to a service."""
