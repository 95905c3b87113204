"""Sets documents in Word and as PDF from a wording and the words that fill it. Knows no subject.

A wording (`wording`) says once what a document reads; `word` makes the template of it that people may replace, `filling`
fills such a template, `typesetting` sets the same wording as PDF. `expressions` and `parcels` refuse what a template
brought in from outside must not carry.
"""
