"""One profile of hypothesis everywhere: the same examples on every machine and in every run."""

from hypothesis import settings

settings.register_profile("popd", derandomize=True, deadline=None, database=None)
settings.load_profile("popd")
