"""The commands of the command line, by who runs them."""
