"""Crash points, enumerated: a use case is run again and again, and each time the process is gone one step later.

`registry` finds every use case that changes something by reading the code; `scripts` say how each is brought about;
`boundaries` count the steps (statements, commits, what is done to files, what leaves the house); `rig` runs a child for
each of them and looks at what is left; `invariants` say what has to hold; `faults` are planted, and must be caught.

`make test` spares the deaths that leave what the one before left: while a use case runs, marks tell before each step
whether something new lasts. `make rigs` dies at every step and holds the marks to it.
"""
