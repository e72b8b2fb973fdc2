"""The commands that fit verdicts and train what comes with planqa."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from commands.opening import (
    Home,
    JsonFlag,
    open_real_encoder,
    open_real_generator,
    open_settings,
    print_json,
    say,
)
from commands.terminal import Bar

training_app = typer.Typer()


def _check_folder(out: Path | None) -> None:
    if out is not None and not out.parent.is_dir():
        raise typer.BadParameter(f"{out.parent} is no folder; make it, or name another one.")


@training_app.command("fit")
def fit(
    out: Annotated[
        Path | None, typer.Option(help="File to write the weights to; nothing is written without.")
    ] = None,
    with_model: Annotated[
        bool | None,
        typer.Option(
            "--model/--no-model",
            help="Whether the language model is asked where the signals leave doubt; as for the shipped "
            "weights where neither is said.",
        ),
    ] = None,
    as_json: JsonFlag = False,
    home: Home = None,
) -> None:
    """Fit the verdicts on the development questions, and tell what differs from the shipped weights."""
    from corpus.library import load_sample_plans
    from eval.commands import prepare_questions, question_files
    from eval.fit_verdicts import write_model
    from eval.pairs import load_topics
    from eval.refit import (
        collect_examples,
        difference_text,
        figures_table,
        index_over,
        refit,
        shipped_model,
        silent_topics,
        was_heard,
    )
    from rag.question_map import map_for

    _check_folder(out)
    settings = open_settings(home=home)
    plans, topics, shipped = load_sample_plans(), silent_topics(load_topics()), shipped_model()
    questions = prepare_questions(
        [*question_files("dev"), *question_files("which_dev"), *question_files("testers_dev")], plans
    )
    generator = None
    if was_heard(shipped) if with_model is None else with_model:
        generator = open_real_generator(settings)
    encoder = open_real_encoder(settings)
    with Bar("index", "chunks") as bar:
        index = index_over(plans, encoder, settings.home / "fit", bar)
    say(f"over index {index.manifest.index_id}, {encoder.name}")
    with Bar("fit", "questions") as bar:
        examples = collect_examples(index, encoder, questions, topics, bar, map_for(encoder))
    with Bar("fit", "plans asked about") as bar:
        fitted = refit(examples, generator, bar)
    if as_json:
        print_json(fitted)
    else:
        typer.echo(figures_table(fitted))
        typer.echo(difference_text(shipped, fitted))
    if out is not None:
        write_model(fitted, out)
        say(f"weights: {out}")


@training_app.command("train-map")
def train_map(
    out: Annotated[
        Path | None, typer.Option(help="File to write the map to; nothing is written without.")
    ] = None,
    as_json: JsonFlag = False,
    home: Home = None,
) -> None:
    """Train the map that turns questions, and print what it is worth on topics left out."""
    from eval.pairs import load_topics
    from eval.refit import silent_topics
    from eval.train_map import embed_pairs, held_out, held_out_table, train

    _check_folder(out)
    settings = open_settings(home=home)
    encoder = open_real_encoder(settings)
    # Those of other departments are kept for the fit of the verdicts, as questions that no plan answers.
    every = load_topics()
    kept = {topic.topic_id for topic in silent_topics(every)}
    topics = [topic for topic in every if topic.topic_id not in kept]
    with Bar("map", "sentences, then questions") as bar:
        pairs = embed_pairs(topics, encoder, bar)
    name = encoder.name.partition("/")[0]
    figures = held_out(pairs, name)
    if as_json:
        print_json(figures)
    else:
        typer.echo(held_out_table(figures, len(topics), len(pairs.labels)))
    if out is not None:
        trained = train(pairs, pairs.of_topics(range(len(topics))), name)
        trained.save(out)
        say(f"map {trained.digest} for {name}: {out}")


@training_app.command("embed-phrases")
def embed_phrases(
    out: Annotated[
        Path | None, typer.Option(help="File to write the phrases to; nothing is written without.")
    ] = None,
    home: Home = None,
) -> None:
    """Embed the phrases that call specific matters, by which is found what a question means unnamed."""
    from eval.embed_phrases import embed_phrases as embed
    from rag.named_matters import NamedMatters

    _check_folder(out)
    encoder = open_real_encoder(open_settings(home=home))
    with Bar("phrases", "phrases") as bar:
        phrases = embed(NamedMatters.load(), encoder, bar)
    typer.echo(f"{len(phrases.phrases)} phrases, {phrases.vectors.shape[1]} values each, {phrases.encoder}")
    if out is not None:
        phrases.save(out)
        say(f"phrases {phrases.digest}: {out}")


@training_app.command("words")
def words(
    out: Annotated[
        Path | None, typer.Option(help="File to write the list to; nothing is written without.")
    ] = None,
) -> None:
    """Count the words that people ask in, by which misspelt ones are recognised."""
    from eval.pairs import load_topics
    from eval.word_list import count_words, word_list
    from rag.spelling import PAIR

    _check_folder(out)
    counts = count_words(load_topics())
    n_english, n_pairs = sum(word.isascii() for word in counts), sum(PAIR in word for word in counts)
    typer.echo(f"{len(counts)} entries, {n_english} English words, {n_pairs} pairs of Chinese words")
    if out is not None:
        out.write_text(word_list(counts), encoding="utf-8")
        say(f"words: {out}")


@training_app.command("train-modes")
def train_modes(
    out: Annotated[
        Path | None, typer.Option(help="File to write the weights to; nothing is written without.")
    ] = None,
    as_json: JsonFlag = False,
    home: Home = None,
) -> None:
    """Train what reads the mode of a question, and print how often it is right on writers left out."""
    from eval.commands import question_files
    from eval.questions import load_questions
    from eval.train_modes import embed, held_out, held_out_table, load_mode_questions, of_evaluation, train
    from rag.assembly import corpus_plans
    from rag.place_names import PlaceNames
    from rag.places import CorpusPlaces
    from rag.reading import QuestionReader

    _check_folder(out)
    settings = open_settings(home=home)
    encoder = open_real_encoder(settings)
    questions = load_mode_questions()
    for split in ("dev", "which_dev", "other_dev"):
        questions += of_evaluation(split, load_questions(question_files(split)))
    plans = corpus_plans(settings)
    with Bar("questions", "modes") as bar:
        embedded = embed(questions, QuestionReader(plans, CorpusPlaces(plans, PlaceNames())), encoder, bar)
    name = encoder.name.partition("/")[0]
    figures = held_out(embedded, name)
    if as_json:
        print_json(figures)
    else:
        typer.echo(held_out_table(figures))
    if out is not None:
        trained = train(embedded, range(len(questions)), name)
        trained.save(out)
        say(f"weights {trained.digest} for {name}: {out}")
