"""`popctl simulate`: what people type at the laboratory."""
