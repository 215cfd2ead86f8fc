"""Ways of predicting, a file each: answers for golden cases."""
