"""The pages of Party organisations."""
