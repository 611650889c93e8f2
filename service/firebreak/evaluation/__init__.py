"""How good the detectors and a policy are on labelled texts: figures with bounds, floors, comparisons, a page."""
