"""The live relations of the schema ``meta``: views on what the programs have written."""
