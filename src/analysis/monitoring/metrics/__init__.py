"""What is told of a model in production: each number as one query over counts by day."""
