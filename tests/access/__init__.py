"""Who may do what: a table reviewed as data, and what the product does with every cell of it."""
