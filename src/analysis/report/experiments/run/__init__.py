"""What is told of one run: all that is needed to judge it, and to repeat it."""
