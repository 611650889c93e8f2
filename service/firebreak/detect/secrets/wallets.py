"""Keys of wallets: whoever has one has the money. Their checksums are required, so nothing else looks like them."""

from firebreak.detect.checksums import base58_check
from firebreak.detect.secrets.form import hexes, named, token

_BIP32 = "xprv9s21ZrQH143K3QTDL4LXw2F7HEK3wJUD2nW2nRk4stbPy6cq3jPPqjiChkVvvNKmPGJxWUtg6LnF5kejMRNNU3TGtRBeJgk33yuGBxrM"
"""Of the first test vector of BIP 32."""

RULES = (
    named(
        "bitcoin-private-key",
        r"\bwif|bitcoin|\bbtc|wallet|private[ _-]?key|\bprivkey",
        r"[5KLc9][1-9A-HJ-NP-Za-km-z]{50,51}",
        "Private key of a Bitcoin wallet beside its name, in the form for import",
        (
            "WIF: 5HueCGU8rMjxEXxiPuD5BDku4MkFqeZyd4dZ1jvhTVqv" + "bTLvyTJ",
            "wallet_key=KwDiBf89QgGbjEhKnhXJuH7LrciVrZi3qYjgd9M7rFU7" + "3sVHnoWn",
        ),
        ("WIF: 5HueCGU8rMjxEXxiPuD5BDku4MkFqeZyd4dZ1jvhTVqv" + "bTLvyTK",),
        score=0.95,
        check=base58_check,
    ),
    token(
        "extended-private-key",
        r"[xyzt]prv[1-9A-HJ-NP-Za-km-z]{107,108}\b",
        "Extended private key of a wallet (BIP 32)",
        (_BIP32 + "PHi",),
        (_BIP32 + "PHj",),
        check=base58_check,
    ),
    named(
        "ethereum-private-key",
        r"(?:eth(?:ereum)?|wallet|deployer|metamask|account)[_ -]?(?:private[_ -]?key|pk)|private[_ -]?key",
        r"(?:0x)?[0-9a-f]{64}",
        "Private key of an Ethereum wallet beside its name",
        ("DEPLOYER_PRIVATE_KEY=0x" + hexes(64), "private key: " + hexes(64)),
        ("PRIVATE_KEY=0x" + "0" * 64,),
        score=0.85,
    ),
)
