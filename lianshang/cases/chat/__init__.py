"""Text that was copied out of a chat, read as messages: who said what, and when. Knows no database."""
