"""What is told of experiments and their runs, from the schema ``meta`` of the warehouse."""
