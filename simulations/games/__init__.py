"""Games: what people who look at their payoffs end up doing."""
