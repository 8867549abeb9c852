"""Editor: what coordinators do with the text of a script in the browser: cards, drafts, comparing and publishing."""
