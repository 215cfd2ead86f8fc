"""The nine services of a data-science project: what provides each here, and whether it works."""
