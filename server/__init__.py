"""The HTTP interface and the chat page."""
