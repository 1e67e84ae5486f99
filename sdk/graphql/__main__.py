"""``python -m sdk.graphql queries/*.graphql``: typed Python for GraphQL documents."""

import sys

if __name__ == "__main__":
    try:
        from sdk.graphql.generator.command import main
    except ModuleNotFoundError as error:
        if error.name != "graphql":
            raise
        sys.exit("This needs graphql-core: pip install 'github-sdk[graphql]'.")
    sys.exit(main())
