"""Opinion: how near and how real others are to one observer. Law never imports it."""
