"""A stand-in of api.github.com: an ASGI app that needs no network, no token and no other library.

The parts, each in a module of its own:

    app        the ASGI app: reads a request, finds its route, counts the rate limit, answers
    messages   a request and a reply as plain data, and GitHub's form of an error
    routing    from method and path to a handler
    pages      slices of a list, and the Link header that leads to the others
    world      the invented users and repositories that are there from the start
    users, repos   the handlers
    server     serves any ASGI app over a socket of this machine
"""

from .app import StandIn
from .server import serve

__all__ = ["StandIn", "serve"]
