"""What predicts: the costs of parsing, and the slots that waiting takes."""
