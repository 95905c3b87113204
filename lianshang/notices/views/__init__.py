"""Pages: what one was told, how one wants to be told, robots of chats."""
