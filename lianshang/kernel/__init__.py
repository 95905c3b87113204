"""What every subject needs and none owns: flows, events, clocks, calendars, profiles, refusals, outbox, files, numbers.

Knows no subject and imports none of our packages. Its one invariant: a state changes only by `flow.Flow.fire`,
which locks the row, appends one event and settles the clocks in one commit.
"""
