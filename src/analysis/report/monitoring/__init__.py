"""What pages say of models in production, from the numbers that monitoring keeps."""
