"""What `make` calls: install, open, build, reset."""
