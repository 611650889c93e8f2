"""Ways by which an answer, a page or a document carries data out when it is shown, clicked or run."""
