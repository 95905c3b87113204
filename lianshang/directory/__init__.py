"""Parks, units, people, their posts, and who signs in.

A person is entered once; posts (role at a unit, from–until) and accounts refer to that person.
Invariant: nobody acts except through a post that is in force that day.
"""
