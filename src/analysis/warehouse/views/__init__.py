"""The SQL files of a project: headers, what they read, their order, their columns."""
