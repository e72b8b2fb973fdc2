"""Which vector store an index is kept in, and how it is opened: FAISS files, or a Milvus server."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from embeddings.faiss_store import FaissStore, faiss_kind
from embeddings.milvus_store import MilvusStore, drop_saved
from embeddings.vector_store import VectorStore
from rag.keyword_index import KeywordIndex
from rag.keyword_view import KeywordView
from rag.milvus_keywords import MilvusKeywords

StoreName = Literal["faiss", "milvus"]


@dataclass(frozen=True, slots=True)
class StorePlace:
    """The store's name and, for Milvus, a server's address, or a file of the embedded edition."""

    name: StoreName = "faiss"
    uri: str = ""
    token: str = field(default="", repr=False)

    def kind(self, n_chunks: int) -> str:
        """What the index manifest says of a store of so many chunks."""
        return f"faiss-{faiss_kind(n_chunks)}" if self.name == "faiss" else MilvusStore.kind

    def open(self, scratch: Path | None = None) -> VectorStore:
        """An empty store, to be built or loaded; ``scratch`` is a folder for what a build writes."""
        return FaissStore(scratch=scratch) if self.name == "faiss" else MilvusStore(self.uri, self.token)

    def keyword_view(self, words: KeywordIndex, vectors: VectorStore) -> KeywordView:
        """What searches words: the keyword index itself, or the server that holds the vectors."""
        return MilvusKeywords(words, vectors) if isinstance(vectors, MilvusStore) else words

    def forget(self, directory: Path, unless: Path | None = None) -> None:
        """Free what the store saved in ``directory`` holds elsewhere, unless that in ``unless`` needs it."""
        if self.name == "milvus":
            drop_saved(self.uri, self.token, directory, unless)
