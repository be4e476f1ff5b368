"""Pages for people: what a student reads, and what an instructor reads of a class."""
