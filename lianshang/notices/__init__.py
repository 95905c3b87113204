"""What is told to people: notices in the page, e-mails that the worker sends.

Nouns: notice, e-mail. Invariant: each thing is told to a person once, and a mail never says what it is about.
"""
