"""Appreciation: ways to come to a score without choosing a number, each with its reasons."""
