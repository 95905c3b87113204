"""What the Party's rules say, as plain functions of plain values: no database, no clock. Every answer names its article."""
