"""What the server answers. One module a subject; its page and its JSON come from one function."""
