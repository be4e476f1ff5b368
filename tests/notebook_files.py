"""Notebooks for tests, made without the library that writes ours."""

import json


def notebook(*cells, version=4, **more):
    """Return the bytes of a notebook with these code cells."""
    entries = [
        {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": [], "source": c}
        for c in cells
    ]
    content = {"nbformat": version, "nbformat_minor": 5, "metadata": {}, "cells": entries, **more}
    return json.dumps(content).encode()
