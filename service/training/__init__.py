"""Trainers of the models that come with the package, and the generators of their texts. Not part of the wheel.

`python -m training.injection` is `make train`.
"""
