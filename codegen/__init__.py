"""GitHub's OpenAPI description in, `sdk/resources`, `sdk/models`, `sdk/types` out.

The passes, in the order in which they run, one module each:

    source        finds the description: the pinned npm package, another version, or a local file
    description   reads it: references, operations, parameters
    schemas       reads a schema into a small type language (`types`)
    registry      collects and names the object types, and merges equal ones
    methods       reads an operation into a method: arguments, response, paging
    layout        assigns models to modules
    emit_*        writes Python
    output        formats and writes files, or compares them

`names` holds every naming rule, `wording` the texts, `overrides` the few decisions made by hand.
"""
