"""Everything that can be handed in as a file, and what hostile files do to it: nothing."""
