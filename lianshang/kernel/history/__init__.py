"""History that nobody can edit: a Merkle tree (RFC 9162) over every append-only row, signed heads, witnesses outside.

`Recorded` is the base of every table whose rows are written once. With each row, in its own transaction, a `Leaf` is
written: a salted hash of the row, and a code under the installation's key. The worker numbers the leaves within a minute
(`sealing`), signs a checkpoint and tells it to witnesses. `verifying` recomputes every leaf from the live columns.
Nothing here knows a subject: a table joins by its base.
"""
