"""What needs root or hours: `make rigs`. A rig is trusted after it has caught a planted fault."""
