"""Run a stranger's code in a process that can do nothing but compute."""
