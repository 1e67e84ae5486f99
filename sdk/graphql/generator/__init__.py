"""Write typed Python for GraphQL documents: ``python -m sdk.graphql``. Needs ``graphql-core``."""
