"""What came true of predictions."""
