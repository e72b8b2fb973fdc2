"""Text to vectors to nearest rows: encoders, model catalog and store, vector cache, vector store.

A leaf: knows no plans and imports nothing of the other packages. Reads no environment and no settings
file; folders, endpoints and options are plain arguments.
"""
