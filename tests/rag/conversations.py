"""Turns of a conversation, read as questions of their own."""

from rag.reading import QuestionReader, Reading
from rag.records import AskRequest, Turn


def read(reader: QuestionReader, question: str, *earlier: str) -> Reading:
    """The reading of a question after earlier ones, each of which was answered."""
    turns = [(Turn("user", words), Turn("assistant", "……[1]。")) for words in earlier]
    return reader.read(AskRequest(question, tuple(turn for pair in turns for turn in pair)))
