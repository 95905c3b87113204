"""The tags of the pages: `{% load web %}`."""
