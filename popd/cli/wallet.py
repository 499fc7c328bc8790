"""`popctl wallet`: keys, coins, what they are worth to you, and giving and taking them."""

from typing import Final

from popd.cli.lazy import LazyGroup

COMMANDS: Final = {
    "list": ("wallet_coins", "list_coins", "Your coins with their worth."),
    "send": ("wallet_sending", "send", "Give coins; shows first what leaves and its worth."),
    "receive": ("wallet_receiving", "receive", "What waits for you, and taking it."),
    "decline": ("wallet_receiving", "decline", "Turn a transfer down, with a reason."),
    "receives": ("wallet_receiving", "receives", "What is received without asking."),
    "request": ("wallet_sending", "request", "A link and a QR code that ask for coins."),
    "history": ("wallet_history", "history", "All that came and went; also as CSV."),
    "export": ("wallet_history", "export", "The whole statement in a file."),
    "career": ("wallet_history", "career", "Concerts, crowds and what they made."),
    "new": ("wallet_keys", "new", "Make a new identity, and write its 24 words down."),
    "restore": ("wallet_copies", "restore", "Bring one back from its words, or a backup."),
    "write-on": ("wallet_copies", "write_on", "Go on with a restored chain, unasked."),
    "identities": ("wallet_keys", "identities", "The identities of this machine."),
    "use": ("wallet_keys", "use", "Take up another of them."),
    "lock": ("wallet_keys", "lock", "Lock your keys: nothing is signed meanwhile."),
    "unlock": ("wallet_keys", "unlock", "Unlock them with their passphrase."),
    "passphrase": ("wallet_keys", "passphrase", "Change their passphrase, or give them one."),
    "backup": ("wallet_copies", "backup", "Write a backup into a file."),
    "verify": ("wallet_copies", "verify", "Open a backup and check it, changing nothing."),
    "reconcile": ("wallet_coins", "reconcile", "Mend a chain that forked."),
}

wallet = LazyGroup(
    "wallet",
    {
        name: (f"popd.cli.{module}", function, words)
        for name, (module, function, words) in COMMANDS.items()
    },
    help="Your keys, your coins, and what they are worth to you.",
)
