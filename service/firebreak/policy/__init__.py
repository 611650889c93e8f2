"""A policy file to a program, a program and facts to a decision.

Here belongs what the words of the policy language mean. Reading files, watching them and asking detectors do not:
the text of a policy and the ids of the detectors' rules come in as arguments, and so does the time.
"""
