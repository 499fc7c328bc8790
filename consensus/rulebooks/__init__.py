"""The rules, one file for each thing that people do; `consensus.rules` puts them together."""
