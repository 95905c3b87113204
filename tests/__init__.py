"""Tests of the whole: architecture, consistency, walks in a browser. A package's own tests stand in the package."""
