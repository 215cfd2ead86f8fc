"""Handing runs to other programs."""
