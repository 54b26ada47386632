"""With what links are fetched."""

from typing import Final

PHONE: Final = (
    "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/129.0.0.0 Mobile Safari/537.36"
)
PREVIEW: Final = "facebookexternalhit/1.1 Facebot Twitterbot/1.0"
"""As the messenger of iPhones calls itself when it fetches a link for its preview."""
SCANNER: Final = "Go-http-client/1.1"
