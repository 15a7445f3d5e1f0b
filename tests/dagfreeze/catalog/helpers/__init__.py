"""What files of the catalog import."""
