"""The description of the server for programs and for people."""
