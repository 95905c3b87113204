"""One module a subcommand: `HELP`, `NEEDS_DATABASE`, `add_arguments(parser)`, `run(args) -> exit code`.

A module's name is the command's name; `-` is written `_`, and a trailing `_` is dropped (`import_` is `import`).
"""
