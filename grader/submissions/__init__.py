"""Read what students hand in: as bytes, within caps, and without following links."""
