"""Advice: how human a performance looks. Floats and models; law never imports it."""
