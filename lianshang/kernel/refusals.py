"""How the rules say no."""


class Refused(Exception):
    """The rules say no. The text is a Chinese sentence for the person who asked: what is the matter, then what to do.

    A middleware answers 409; a form shows it above what was typed.
    """


class Overtaken(Refused):
    """Somebody else was first. The text names who and when."""


class Hidden(Exception):
    """Not for this actor. Answered like a thing that does not exist, so that nothing is betrayed."""
