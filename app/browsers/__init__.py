"""What all pages for browsers share: a strict policy, forms of our own pages only, a style to begin with."""
