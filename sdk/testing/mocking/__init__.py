"""A typed mock router: declare the responses of operations, and inspect the calls.

api_mock          ApiMock: routes, responses, and unexpected requests
github_mock       GitHubMock: an ApiMock of GitHub's API
route             one operation with some arguments: its responses and its calls
graphql_route     the same for a GraphQL operation
responses         the responses of a route
calls             a request that a route responded to
expected_call     from a method and its arguments to the call that it would make
request_matching  from a request to values by our names, and the comparison with expected ones
arguments         these values in the types of the method's signature
unmocked_call     the error text for a request without a response
call_recorder     the methods of other clients that make calls
activation        start and stop of mocks
interception      interception of httpx and httpx2 clients
network_guard     blocks all other connections
virtual_clock     a clock on which waits take no time
"""

from .api_mock import ApiMock
from .calls import Call
from .github_mock import GitHubMock
from .network_guard import NetworkBlocked
from .route import ListRoute, Route
from .unmocked_call import UnmockedCall

__all__ = ["ApiMock", "Call", "GitHubMock", "ListRoute", "NetworkBlocked", "Route", "UnmockedCall"]
