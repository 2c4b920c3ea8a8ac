"""Workbench for gender-equality assessment and child-first review of draft policies."""

__version__ = "0.1.0"
