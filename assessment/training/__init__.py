"""Labelled clauses become a model: reading, training, measuring, and the model card; and an office's own models.

``publish.train()`` makes the shipped model; ``evaluate.evaluate(gold)`` returns the quality table; ``office``
turns decisions into labelled clauses. Nothing is imported here, so that the light modules stay light.
"""
