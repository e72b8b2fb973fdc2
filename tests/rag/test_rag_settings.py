import re
from pathlib import Path

import pytest
from pydantic import ValidationError

from rag.errors import SettingsError
from rag.settings import CONFIG_FILE, Settings, load_settings

README = Path(__file__).parents[2] / "README.md"


def test_flags_go_over_environment_over_file_over_defaults(tmp_path: Path) -> None:
    (tmp_path / CONFIG_FILE).write_text('port = 1\nhits = 2\nhost = "127.0.0.2"\n', encoding="utf-8")
    environment = {"PLANQA_PORT": "3", "PLANQA_HITS": "4", "HOME": "/nowhere"}
    loaded = load_settings({"port": 5, "hits": None}, environment, tmp_path)
    settings = loaded.settings
    assert (settings.port, settings.hits, settings.host) == (5, 4, "127.0.0.2")
    assert settings.max_tokens == Settings().max_tokens
    assert loaded.origins["port"] == "flag"
    assert loaded.origins["hits"] == "PLANQA_HITS"
    assert loaded.origins["host"] == str(tmp_path / CONFIG_FILE)
    assert loaded.origins["max_tokens"] == "default"
    assert set(loaded.origins) == set(Settings.model_fields)


def test_without_a_file_everything_is_default(tmp_path: Path) -> None:
    loaded = load_settings({}, {}, tmp_path)
    assert set(loaded.origins.values()) == {"default"}
    assert (loaded.settings.host, loaded.settings.port) == ("127.0.0.1", 8000)


@pytest.mark.parametrize(
    ("file", "environment", "flags", "origin"),
    [
        ("prot = 1\n", {}, {}, CONFIG_FILE),
        ("", {"PLANQA_PROT": "1"}, {}, "environment"),
        ("", {}, {"prot": 1}, "flag"),
    ],
)
def test_an_unknown_key_is_an_error_that_names_the_known(
    tmp_path: Path, file: str, environment: dict[str, str], flags: dict[str, object], origin: str
) -> None:
    (tmp_path / CONFIG_FILE).write_text(file, encoding="utf-8")
    with pytest.raises(SettingsError) as caught:
        load_settings(flags, environment, tmp_path)
    assert origin in caught.value.message
    assert "'prot'" in caught.value.message
    assert all(name in caught.value.message for name in Settings.model_fields)


@pytest.mark.parametrize(
    ("environment", "key"),
    [
        ({"PLANQA_PORT": "eighty"}, "port"),
        ({"PLANQA_PORT": "70000"}, "port"),
        ({"PLANQA_GENERATE": "perhaps"}, "generate"),
        ({"PLANQA_LOG_LEVEL": "loud"}, "log_level"),
        ({"PLANQA_EVIDENCE": "0"}, "evidence"),
    ],
)
def test_a_bad_value_is_an_error_that_says_where_it_came_from(
    tmp_path: Path, environment: dict[str, str], key: str
) -> None:
    with pytest.raises(SettingsError) as caught:
        load_settings({}, environment, tmp_path)
    name, value = next(iter(environment.items()))
    assert key in caught.value.message
    assert name in caught.value.message
    assert value in caught.value.message


def test_a_file_that_is_no_toml_is_an_error(tmp_path: Path) -> None:
    (tmp_path / CONFIG_FILE).write_text("port = = 1", encoding="utf-8")
    with pytest.raises(SettingsError, match="no valid TOML"):
        load_settings({}, {}, tmp_path)


def test_settings_cannot_be_changed() -> None:
    with pytest.raises(ValidationError):
        Settings().port = 1


def test_data_lies_below_home(tmp_path: Path) -> None:
    settings = load_settings({"home": tmp_path}, {}, tmp_path).settings
    for path in (settings.index_dir, settings.corpus_dir, settings.vectors_file):
        assert path.parent == tmp_path


def test_every_setting_says_what_it_is() -> None:
    assert [name for name, field in Settings.model_fields.items() if not field.description] == []


def test_every_setting_stands_in_the_readme() -> None:
    words = set(re.findall(r"`([a-z_]+)`", README.read_text(encoding="utf-8")))
    assert sorted(set(Settings.model_fields) - words) == []
