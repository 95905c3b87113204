"""The pages of figures: each opens to its rows, and what was published stays."""
