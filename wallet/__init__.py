"""Keys and coins: identities, the encrypted keystore, and views of what an identity holds."""
