"""链上: whistle, respond, dispatch, report in, answer, call back, close."""

__version__ = "0.1.0"
