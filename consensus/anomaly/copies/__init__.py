"""Is a play a copy of a known play of the same chart, or put together from several?"""
