"""A stand-in of api.github.com: an ASGI app that needs no network, no token and no other library.

The parts, each in a module of its own:

    app           the ASGI app: who calls, what for, what goes wrong, the headers of the response
    asgi          between ASGI's messages and plain data
    messages      a request and a reply as plain data, and GitHub's form of an error
    parsing       JSON, as strictly as GitHub reads it
    routing       from method and path to what serves it
    catalogue     the operations by route, and what lives where
    state         what is known of each thing, and which things there are
    seeds         what is there from the start
    generic       answers every operation by what its method means for the thing at its path
    checks        whether a body has the fields that an operation takes
    rules         which operations have a rule of their own, in the modules of their subjects:
                  accounts, contents, conversations, gists, labels, others, refs, releases,
                  repositories and stars
    statuses      the status of success, where it is an unusual one
    addresses     where the parts of a thing are
    files         texts and archives
    pages         slices of a list, and the Link header that leads to the others
    limits        the rate limit
    faults        what goes wrong on purpose
    locate        addresses that lead back here
    server        serves any ASGI app over a socket of this machine
"""

from .app import StandIn
from .auth import AppSeed, InstallationSeed, RegisteredApp
from .server import serve

__all__ = ["AppSeed", "InstallationSeed", "RegisteredApp", "StandIn", "serve"]
