"""What a hospital has to live through, tried with the real programs."""
