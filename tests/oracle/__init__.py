"""A second, naive clock engine. It shares no line with the product's: it steps day by day and minute by minute."""
