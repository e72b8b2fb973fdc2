"""The settings: one frozen object, read once from flags, environment, file and defaults."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import platformdirs
from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator

from corpus.document import Limits
from rag.errors import SettingsError

ENVIRONMENT_PREFIX = "PLANQA_"
CONFIG_FILE = "planqa.toml"
_PASSWORD = re.compile(r"(://[^/@:]*:)[^/@]*@")
"""The password in an address, between its user name and its host."""


class Settings(BaseModel):
    """Everything that can be set.

    Field names are the keys of planqa.toml, ``PLANQA_`` and upper case in the environment, and ``--`` with
    dashes on the command line.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    home: Path = Field(
        default_factory=lambda: platformdirs.user_data_path("planqa"),
        description="folder of all data: ingested plans, index, stored answers",
    )
    models_dir: Path = Field(
        default_factory=lambda: platformdirs.user_cache_path("planqa") / "models",
        description="folder of the downloaded weights",
    )
    samples: bool = Field(default=True, description="whether the seven sample plans are part of the corpus")
    encoder: str = Field(default="embeddinggemma-300m", description="embedding model, a name of the catalog")
    encoder_path: Path | None = Field(default=None, description="folder of an embedding model to use instead")
    model: str = Field(
        default="qwen2.5-coder-1.5b-instruct-q4_k_m", description="answering model, a name of the catalog"
    )
    model_path: Path | None = Field(
        default=None, description="GGUF file of an answering model to use instead"
    )
    generate: bool = Field(default=True, description="whether an answering model is loaded at all")
    generator: Literal["llama.cpp", "transformers", "openai"] = Field(
        default="llama.cpp",
        description="what runs the answering model: llama.cpp, transformers or an endpoint",
    )
    generator_model: str = Field(
        default="",
        description="a model of your own: GGUF file, folder, or name at the endpoint; empty for `model`",
    )
    generator_url: str = Field(
        default="", description="address of an OpenAI-compatible endpoint, as http://127.0.0.1:8080/v1"
    )
    generator_api_key: SecretStr = Field(
        default=SecretStr(""), description="key of that endpoint; never shown"
    )
    generator_timeout_s: float = Field(
        default=60.0, gt=0, description="how long that endpoint may say nothing, seconds"
    )
    vector_store: Literal["faiss", "milvus"] = Field(
        default="faiss", description="where the index' vectors are: files under home, or Milvus"
    )
    milvus_uri: str = Field(
        default="", description="address of a Milvus server; empty for its embedded edition under home"
    )
    milvus_token: SecretStr = Field(
        default=SecretStr(""), description="user:password or key of the Milvus server; never shown"
    )
    host: str = Field(default="127.0.0.1", description="address that the server binds to")
    port: int = Field(default=8000, ge=0, le=65535, description="port that the server binds to; 0 picks one")
    terms_file: Path | None = Field(
        default=None, description="terms of your own, beside those that come with planqa (rag/terms.toml)"
    )
    matters_file: Path | None = Field(
        default=None,
        description="specific matters of your own, beside those of planqa (rag/named_matters.jsonl)",
    )
    max_question_chars: int = Field(default=2000, ge=1, description="longest question that is taken")
    max_history: int = Field(default=40, ge=0, description="how many earlier messages are taken")
    hits: int = Field(default=10, ge=1, le=200, description="how many hits a search gives by default")
    evidence: int = Field(default=5, ge=1, le=20, description="how many sentences a lookup puts to the model")
    max_tokens: int = Field(default=160, ge=16, le=2048, description="longest answer of the model, in tokens")
    max_file_mb: int = Field(default=50, ge=1, description="largest file that is taken in, in MB")
    max_unpacked_mb: int = Field(default=200, ge=1, description="most that an archive may unpack to, in MB")
    max_files: int = Field(default=100_000, ge=1, description="most files that one ingestion takes")
    max_archive_members: int = Field(default=5_000, ge=1, description="most members that an archive may hold")
    max_text_chars: int = Field(default=20_000_000, ge=1, description="most characters of one file's text")
    max_pdf_pages: int = Field(default=3_000, ge=1, description="most pages of one pdf")
    hub_endpoint: str = Field(
        default="https://huggingface.co", description="the model hub that is tried first"
    )
    hub_timeout_s: float = Field(
        default=5.0, gt=0, description="how long the hub may take to answer, seconds"
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="least log level"
    )

    max_history_chars: int = Field(
        default=40_000, ge=0, description="characters that the earlier messages may have together"
    )
    max_body_bytes: int = Field(default=1_000_000, ge=1000, description="largest request body that is taken")
    max_waiting: int = Field(
        default=32, ge=1, le=500, description="questions that may run or wait before a further one is refused"
    )
    max_waiting_per_client: int = Field(
        default=16, ge=1, le=500, description="how many of these may be of one client"
    )
    parallel_answers: int = Field(
        default=1, ge=1, le=64, description="how many answers the model words at once"
    )
    request_timeout_s: float = Field(
        default=300.0, gt=0, description="longest time for one answer, waiting included, seconds"
    )
    requests_per_minute: int = Field(
        default=600, ge=0, description="requests that one API key may make in a minute; 0 for no limit"
    )
    drain_s: float = Field(
        default=30.0, ge=0, description="how long running answers may go on when the server stops, seconds"
    )
    reload_check_s: float = Field(
        default=2.0, gt=0, description="how often the server looks for a newer index, seconds"
    )
    database: str = Field(
        default="",
        description="where conversations are kept: empty for a file under home, or a postgresql:// URL",
    )
    keep_answers: bool = Field(
        default=True, description="whether answers are kept, to be shared and to be given again"
    )
    require_key: bool = Field(
        default=False, description="whether an API key is needed on a loopback address, too"
    )
    allowed_origins: tuple[str, ...] = Field(
        default=(), description="origins of other web pages that may use the API; separated by commas"
    )
    allowed_hosts: tuple[str, ...] = Field(
        default=(), description="host names beside the loopback ones that a keyless server answers to"
    )
    log_format: Literal["json", "text"] = Field(default="json", description="form of the server's log lines")
    log_redact: bool = Field(
        default=False, description="whether client addresses and key names stay out of the log"
    )

    @field_validator("allowed_origins", "allowed_hosts", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        """Take a list as words separated by commas, which is all that the environment can hold."""
        if isinstance(value, str):
            return tuple(word.strip() for word in value.split(",") if word.strip())
        return value

    def shown(self) -> dict[str, Any]:
        """Every setting as it may be printed: keys and passwords are covered."""
        values = self.model_dump(mode="json")
        values["database"] = _PASSWORD.sub(r"\1**********@", self.database)
        values["generator_url"] = _PASSWORD.sub(r"\1**********@", self.generator_url)
        values["milvus_uri"] = _PASSWORD.sub(r"\1**********@", self.milvus_uri)
        return values

    def limits(self) -> Limits:
        """What a file that is taken in may hold."""
        return Limits(
            max_file_bytes=self.max_file_mb * 1_000_000,
            max_unpacked_bytes=self.max_unpacked_mb * 1_000_000,
            max_files=self.max_files,
            max_members=self.max_archive_members,
            max_text_chars=self.max_text_chars,
            max_pdf_pages=self.max_pdf_pages,
        )

    @property
    def index_dir(self) -> Path:
        """Where the index snapshots lie."""
        return self.home / "index"

    @property
    def corpus_dir(self) -> Path:
        """Where the ingested plans lie."""
        return self.home / "corpus"

    @property
    def database_file(self) -> Path:
        """Where conversations, answers, feedback and API keys lie, unless a database is named."""
        return self.home / "planqa.sqlite"

    @property
    def vectors_file(self) -> Path:
        """The cache of vectors by content."""
        return self.home / "vectors.sqlite"


@dataclass(frozen=True, slots=True)
class LoadedSettings:
    """The settings and, for each key, where its value came from."""

    settings: Settings
    origins: dict[str, str]


def load_settings(
    flags: Mapping[str, Any] | None = None,
    environment: Mapping[str, str] | None = None,
    directory: Path | None = None,
) -> LoadedSettings:
    """Read the settings: flags over ``PLANQA_…`` over planqa.toml in ``directory`` over defaults.

    A flag whose value is None counts as not given. Raises SettingsError for an unknown key or a bad value.
    """
    file = (directory or Path.cwd()) / CONFIG_FILE
    layers: list[tuple[str, dict[str, Any]]] = [
        (str(file), _from_file(file)),
        ("environment", _from_environment(os.environ if environment is None else environment)),
        ("flag", {key: value for key, value in (flags or {}).items() if value is not None}),
    ]
    values: dict[str, Any] = {}
    origins = dict.fromkeys(Settings.model_fields, "default")
    for origin, layer in layers:
        for key, value in layer.items():
            if key not in Settings.model_fields:
                raise SettingsError(
                    f"{origin} sets {key!r}, which is no setting; known: {', '.join(Settings.model_fields)}.",
                    {"key": key, "origin": origin},
                )
            values[key] = value
            origins[key] = origin if origin != "environment" else ENVIRONMENT_PREFIX + key.upper()
    try:
        settings = Settings(**values)
    except ValidationError as error:
        first = error.errors()[0]
        key = str(first["loc"][0])
        raise SettingsError(
            f"the setting {key!r} (from {origins.get(key, 'flag')}) is {first['input']!r}: {first['msg']}.",
            {"key": key},
        ) from error
    return LoadedSettings(settings, origins)


def _from_file(file: Path) -> dict[str, Any]:
    if not file.is_file():
        return {}
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{file} is no valid TOML: {error}.", {"file": str(file)}) from error


def _from_environment(environment: Mapping[str, str]) -> dict[str, Any]:
    return {
        name.removeprefix(ENVIRONMENT_PREFIX).lower(): value
        for name, value in environment.items()
        if name.startswith(ENVIRONMENT_PREFIX)
    }
