"""Networks and media: Meta, X, LinkedIn, Twitch, Spotify."""

from firebreak.detect.secrets.form import hexes, letters, named, token
from firebreak.detect.secrets.placeholder import is_key

RULES = (
    token(
        "facebook-access-token",
        r"EAA[CGMBD][A-Za-z0-9]{80,400}",
        "Facebook access token",
        ("EAAC" + letters(160), "EAAG" + letters(160)),
        ("EAAC" + letters(9),),
    ),
    token(
        "facebook-app-token",
        r"\d{15,16}(?:\||%7C)[A-Za-z0-9_-]{27}\b",
        "Facebook app token",
        ("1" * 15 + "|" + letters(27),),
        ("1" * 15 + "|x",),
        trigger=r"\d(?:\||%7C)[A-Za-z0-9_-]{27}",
    ),
    token(
        "instagram-token",
        r"IG(?:QV|QW|AA)[A-Za-z0-9_-]{80,260}",
        "Instagram token",
        ("IGQV" + letters(140),),
        ("IGQV" + letters(9),),
    ),
    token(
        "twitter-bearer-token",
        r"A{20,22}[A-Za-z0-9%]{70,120}",
        "Bearer token of an application of X (Twitter)",
        ("A" * 22 + letters(82),),
        ("A" * 120,),
        check=is_key,
        trigger="A{20}",
    ),
    named(
        "twitter-secret",
        r"twitter|\bx_api",
        r"[A-Za-z0-9]{50}|[A-Za-z0-9]{45}|\d{8,20}-[A-Za-z0-9]{40}",
        "Secret of an application of X (Twitter) beside its name",
        ("TWITTER_API_SECRET=" + letters(50), "twitter_access_token = 123456789-" + letters(40)),
        ("TWITTER_HANDLE=acme",),
    ),
    named(
        "linkedin-secret",
        r"linkedin",
        r"(?:WPL_AP\d\.)?[A-Za-z0-9]{16}(?:\.[A-Za-z0-9+/=]{8})?",
        "LinkedIn client secret beside its name",
        ("LINKEDIN_CLIENT_SECRET=" + letters(16),),
        ("LINKEDIN_URL=https",),
    ),
    named(
        "twitch-secret",
        r"twitch",
        r"(?:oauth:)?[a-z0-9]{30}",
        "Twitch token or secret beside its name",
        ("TWITCH_TOKEN=oauth:" + hexes(30),),
        ("TWITCH_CHANNEL=acme",),
    ),
    named(
        "spotify-secret",
        r"spotify",
        r"[0-9a-f]{32}",
        "Spotify client secret beside its name",
        ("SPOTIFY_CLIENT_SECRET=" + hexes(32),),
        ("SPOTIFY_ID=x",),
    ),
    named(
        "media-service-key",
        r"flickr|unsplash|imgur|giphy|openweather(?:map)?|newsapi",
        r"[A-Za-z0-9_-]{32,43}",
        "Key of a media or data service beside its name",
        ("OPENWEATHER_API_KEY=" + hexes(32),),
        ("IMGUR_ALBUM=x",),
        score=0.7,
    ),
)
