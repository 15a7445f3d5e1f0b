"""What the README and the slides quote, measured."""
