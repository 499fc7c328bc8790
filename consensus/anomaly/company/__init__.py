"""Does a play err where other people err on its chart, and is it as wide and as long as theirs?"""
