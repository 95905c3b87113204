"""The pages of enterprises: their codes to print, and who looks after them."""
