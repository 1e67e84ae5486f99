"""What the package offers, and what it costs to import it."""

import subprocess
import sys

import pytest

import sdk.testing


def test_every_public_name_is_there():
    for name in sdk.testing.__all__:
        assert getattr(sdk.testing, name) is not None
    assert set(sdk.testing.__all__) <= set(dir(sdk.testing))
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        _ = sdk.testing.nothing


def test_the_sdk_does_not_load_it():
    code = "import sys, sdk, sdk.client; sys.exit('sdk.testing' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_without_respx_it_says_what_to_install():
    code = """if True:
        import sys
        sys.modules["respx"] = None
        from sdk.testing import StandIn, fake
        try:
            from sdk.testing import GitHubMock
        except ImportError as error:
            sys.exit(str(error) != "sdk.testing.GitHubMock needs respx: "
                     "install github-sdk[testing].")
        sys.exit(2)
    """
    subprocess.run([sys.executable, "-c", code], check=True)
