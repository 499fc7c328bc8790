"""The rules of popd: pure functions over frozen data. Imports nothing else of ours."""
