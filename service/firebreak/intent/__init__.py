"""What a text asks for: taxonomy, word vectors, classifier, the exchange's asks, the judge's words.

No wire, file or clock: the asset arrives as bytes, the judge's answer as text.
"""
