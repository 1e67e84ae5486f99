"""GitHub's OpenAPI description in, `sdk/resources`, `sdk/models`, `sdk/types` out.

The passes, in the order in which they run, one module each:

    source        finds the description: the pinned npm package, another version, or a local file
    description   gives access to it: references, operations, parameters
    schemas       reads a schema into a small type language (`types`)
    registry      collects every object type, gives each a name, finds those that are the same
    methods       reads an operation into a method: arguments, response, paging
    layout        says which module each model lives in
    emit_*        writes Python
    output        formats and writes files, or compares them

`names` holds every naming rule, `wording` the texts, `overrides` the few decisions made by hand.
"""
