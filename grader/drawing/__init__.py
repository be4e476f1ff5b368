"""Draw what a check hands over: small PNG and SVG files, made in a millisecond."""
