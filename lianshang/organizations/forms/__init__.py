"""What people write down about organisations, members and the coverage of enterprises."""
