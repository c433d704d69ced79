"""From a frame to the payloads in it: motion gate, decoder ladder, repeats."""
