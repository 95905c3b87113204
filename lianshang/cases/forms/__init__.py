"""What the pages of cases ask, and how the answers reach the services."""
