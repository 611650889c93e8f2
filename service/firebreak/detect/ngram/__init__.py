"""A small statistical model of what attacks on a model sound like: hashed n-grams, read in windows.

Knows no rule and no policy; the file with the weights is read by an adapter.
"""
