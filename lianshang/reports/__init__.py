"""Briefings (简报) and articles: figures written from records, and numbers in texts checked against them.

`numerals`, `passed_over`, `mentions` and `wording` are about Chinese text alone and know neither rows nor Django.
Invariant: a number that we write is a reading of an indicator; a number that we judge is judged by what its words say.
"""
