"""Programs by what they call themselves in ``User-Agent``: previews, scanners, libraries. Data.

Each word is looked for in the header in small letters. Sources, looked up on 2026-11-26:

- previews: developers.facebook.com/docs/sharing/webmasters/web-crawlers (facebookexternalhit,
  Facebot), opengraphplus.com/consumers/whatsapp/crawling (WhatsApp), api.slack.com/robots,
  core.telegram.org (TelegramBot), and the `social preview` entries of
  github.com/monperrus/crawler-user-agents (crawler-user-agents.json). Apple's Messages fetches as
  Safari with `facebookexternalhit/1.1 Facebot Twitterbot/1.0` behind it.
- scanners and libraries: the same list, and suped.com/learn/email-deliverability
  ("identify bot user agents in click data").

What is not here: ranges of addresses of data centres. They change by the week, and a list that is
shipped once would soon be wrong about somebody; a program there mostly says what it is.
"""

from __future__ import annotations

from typing import Final

PREVIEWS: Final = (
    "facebookexternalhit",
    "facebot",
    "facebookcatalog",
    "whatsapp/",
    "twitterbot",
    "telegrambot",
    "slackbot-linkexpanding",
    "slack-imgproxy",
    "discordbot",
    "linkedinbot",
    "skypeuripreview",
    "snap url preview service",
    "pinterestbot",
    "redditbot",
    "line-poker",
    "kakaotalk-scrap",
    "mastodon/",
    "google-messages",
    "google-pagerenderer",
    "googlemessages",
    "android messages",
    "microsoftpreview",
    "msteams",
    "bitlybot",
    "iframely",
    "embedly",
)
"""Who fetches a link to show what is behind it."""

PERSONS_APPS: Final = ("fban/", "fbav/", "instagram ", "line/", "kakaotalk ", "snapchat/")
"""Browsers inside of apps whose names are near those of previews: persons sit before them."""

PHONES: Final = ("cubot",)
"""Makers whose names hold a word that is looked for."""

SCANNERS: Final = (
    "bot",
    "crawl",
    "spider",
    "slurp",
    "preview",
    "prefetch",
    "barracuda",
    "proofpoint",
    "mimecast",
    "ciscosecureemail",
    "symantec",
    "trendmicro",
    "tmes",
    "forcepoint",
    "zscaler",
    "bluecoat",
    "safebrowsing",
    "virustotal",
    "urlscan",
    "checkmarknetwork",
    "headlesschrome",
    "phantomjs",
    "puppeteer",
    "playwright",
    "selenium",
    "lighthouse",
    "pingdom",
    "uptimerobot",
    "statuscake",
    "google-read-aloud",
    "googleother",
    "mediapartners-google",
    "feedfetcher",
    "archive.org",
)
"""Who opens links to judge or to keep what is behind them."""

LIBRARIES: Final = (
    "curl/",
    "wget/",
    "python-requests",
    "python-urllib",
    "python-httpx",
    "aiohttp",
    "scrapy",
    "go-http-client",
    "java/",
    "apache-httpclient",
    "apache-httpasyncclient",
    "jakarta commons",
    "jetty",
    "libwww-perl",
    "lwp::",
    "node-fetch",
    "axios/",
    "got (",
    "undici",
    "php/",
    "guzzlehttp",
    "ruby",
    "faraday",
    "postmanruntime",
    "insomnia/",
    "lua-resty-http",
    "winhttp",
    "powershell",
    "masscan",
    "zgrab",
    "nmap",
)
"""What programs are made with, and no browser calls itself."""
