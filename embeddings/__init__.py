"""Text to vectors to nearest rows: encoders, model catalog, vector index. Knows no plans."""
