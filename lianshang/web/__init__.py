"""The shell of every page: base templates, components, tags, navigation, refusals shown as pages, style and scripts.

Its nouns are the shell (what surrounds a page), the entry (a line of the navigation) and the component (an include).
It writes nothing and knows no subject: a package tells it what to show in its own `navigation.py`.
"""
