"""My page: what one participant is shown of what is kept of them, and what they can do with it. Nobody else sees it."""
