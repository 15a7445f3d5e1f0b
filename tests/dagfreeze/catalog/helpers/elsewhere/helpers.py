"""Has the name of a package that a frozen file finds."""


def text():
    return "elsewhere"
