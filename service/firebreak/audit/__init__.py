"""What a record looks like in the log and how a log is proved whole: bytes in, bytes out, no file and no clock.

The writer, the directory on disk and the command line live in `adapters` and `cli`.
"""
