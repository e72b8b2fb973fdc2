"""What tests of several packages share."""

from __future__ import annotations

import platformdirs
import pytest
from hypothesis import HealthCheck, settings

from commands.opening import open_answerer
from rag.answer import Answerer
from rag.settings import Settings

# How long an example takes says more of the machine than of the code.
settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any machine")


@pytest.fixture(scope="session")
def real_answerer() -> Answerer:
    """The chain with the default models; its index is kept, so that it is embedded once on a machine."""
    return open_answerer(Settings(home=platformdirs.user_cache_path("planqa") / "test-home"))
