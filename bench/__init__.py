"""What `make bench` measures, and how: see docs/performance.md. Nothing here is part of the product."""
