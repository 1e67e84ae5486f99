"""GraphQL operations with typed results: ``sdk.graphql``."""

from typing import TYPE_CHECKING

from sdk.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from .errors import GraphQLError, GraphQLFailed, GraphQLForbidden, GraphQLNotFound
    from .pages import GraphPage, GraphPaged, GraphPages
    from .resource import GraphQL, HasGraphQL, Partial

__all__ = [
    "GraphPage",
    "GraphPaged",
    "GraphPages",
    "GraphQL",
    "GraphQLError",
    "GraphQLFailed",
    "GraphQLForbidden",
    "GraphQLNotFound",
    "HasGraphQL",
    "Partial",
]

__getattr__, __dir__ = lazy_exports(
    __name__,
    {
        "GraphPage": ".pages",
        "GraphPaged": ".pages",
        "GraphPages": ".pages",
        "GraphQL": ".resource",
        "GraphQLError": ".errors",
        "GraphQLFailed": ".errors",
        "GraphQLForbidden": ".errors",
        "GraphQLNotFound": ".errors",
        "HasGraphQL": ".resource",
        "Partial": ".resource",
    },
)
