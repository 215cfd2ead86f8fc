"""All numbers that a report tells of a model."""
