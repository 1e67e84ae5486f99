"""A typed router: a test says what an operation answers, and looks at how it was called.

api_mock        ApiMock: declares routes, answers requests, knows what was not expected
github_mock     GitHubMock: the same, in GitHub's place
route           one operation with some arguments: what it answers, how it was called
answers         the responses that a route can give
calls           one request that a route answered
recorder        from a method and its arguments to the call that it would make
wire            from a request to values by our names, and whether they are those expected
arguments       those values in the types of the method's signature
unmocked        the text for a request that nothing is prepared for
witness         which methods of one's own clients make calls
active          what holds while any mock is active
interception    catches what HTTP clients send
no_network      keeps everything else from reaching the network
virtual_time    a clock on which a wait passes at once
"""

from .api_mock import ApiMock
from .calls import Call
from .github_mock import GitHubMock
from .network_guard import NetworkBlocked
from .route import ListRoute, Route
from .unmocked_call import UnmockedCall

__all__ = ["ApiMock", "Call", "GitHubMock", "ListRoute", "NetworkBlocked", "Route", "UnmockedCall"]
