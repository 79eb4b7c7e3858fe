"""The version shown in the footer, in exports and by `./run version`."""

VERSION = "0.1.0"
