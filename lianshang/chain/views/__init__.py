"""The pages of the chain. What is tried in the 沙盘 stands in the address, and can be kept under a name."""
