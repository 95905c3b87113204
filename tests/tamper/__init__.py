"""A database's administrator with time and bad intent: random attacks under the triggers, and whether `verify` finds them."""
