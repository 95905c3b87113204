"""Settings, addresses, the command line and the server: stands on top of everything."""
