"""Drawing for paper: A4, vectors and text, with what every PDF reader has."""
