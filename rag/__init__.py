"""The chain from a question to an answer whose citations have been checked."""
