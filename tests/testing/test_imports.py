"""The imports of ``sdk.testing``."""

import subprocess
import sys


def test_importing_the_client_does_not_import_the_testing_package():
    code = "import sys, sdk, sdk.client; sys.exit('sdk.testing' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_without_respx_the_error_names_the_extra():
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
