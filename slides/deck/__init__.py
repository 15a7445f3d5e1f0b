"""The parts of slides/build.py: talk.md with its figures, code and pictures filled in, as a reveal.js deck."""
