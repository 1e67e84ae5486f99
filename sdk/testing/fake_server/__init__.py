"""A fake GitHub server, ``StandIn``: an ASGI app that needs no network, token or other library.

The parts, each in a module of its own:

    app              the ASGI app: authentication, rate limits, routing, faults, headers
        asgi             ASGI messages to and from plain data
        messages         requests and replies as plain data, and GitHub's error format
        strict_json      JSON, parsed as strictly as GitHub does
        catalogue        the routes of the API and the kinds of resource behind them
        state            the existing resources and their facts
        seed_data        the resources that exist from the start
        generic_rules    responses to every operation, by the meaning of its HTTP method
        rules            the operations with a rule of their own, in the modules accounts, contents,
                         gists, git_refs, issues_and_pulls, labels, releases, repositories,
                         search_and_text and stars
        body_validation  the fields of a request body: presence and type
        api_urls         URLs of the parts of a resource
        url_rewriting    URLs of the API to URLs of this server
        file_responses   texts and archives
        pagination       pages of a list and their Link header
        conditional      ETags and 304
        rate_limits      the rate limit
        faults           faults on purpose
        graphql          registered GraphQL documents
        hooks            webhooks
        timestamps       times in GitHub's format
        auth             GitHub Apps, tokens and sign-in
        enterprise       differences of GitHub Enterprise Server
        server           serves any ASGI app over a socket of this machine
"""

from .app import StandIn
from .auth import AppSeed, InstallationSeed, RegisteredApp
from .server import serve

__all__ = ["AppSeed", "InstallationSeed", "RegisteredApp", "StandIn", "serve"]
