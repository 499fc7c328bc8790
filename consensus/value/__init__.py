"""Opinion: what a lot is worth to one observer, and why. Law never imports it."""
