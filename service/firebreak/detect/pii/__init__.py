"""Personal data: rules for numbers and addresses of people, by family. Checksums live in `detect.checksums`."""
