"""Make an assignment's notebooks: the companion of its files, and the form solved in cells."""
