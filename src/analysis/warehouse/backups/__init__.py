"""All data of a project, sent to another place by content, and fetched from there again."""
