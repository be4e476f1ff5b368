"""Carry HTML and Markdown out in the message of an exception."""
# must: double failed
# says: <script>alert
# spares: the grades


def double(x):
    raise ValueError("<script>alert(1)</script> | [a](javascript:1) | ![](x) `</td>` {{7*7}}")
