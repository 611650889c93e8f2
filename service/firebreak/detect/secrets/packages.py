"""Registries of packages and images: npm, PyPI, RubyGems, Docker Hub and others."""

from firebreak.detect.checksums import crc32_base62
from firebreak.detect.encoded import decoded
from firebreak.detect.secrets.form import hexes, letters, named, token, uuid
from firebreak.detect.secrets.placeholder import is_key


def is_npmrc(text: str) -> bool:
    """Whether what follows the sign is machine-made."""
    return is_key(text.partition("=")[2].strip(" \t\"'"))


def is_checked(text: str) -> bool:
    """Whether a token of npm ends with its CRC-32."""
    return crc32_base62(text.removeprefix("npm_"))


def is_macaroon(text: str) -> bool:
    """Whether a token of PyPI is a macaroon of a package index: version 2, then the place with its length."""
    body = decoded(text.removeprefix("pypi-")[:64])
    return body[:2] == b"\x02\x01" and any(body[4:].startswith(place) for place in (b"pypi.org", b"test.pypi.org"))


RULES = (
    token(
        "npm-token",
        r"npm_[A-Za-z0-9]{36}\b",
        "npm token",
        ("npm_" + letters(36),),
        ("npm_config_registry",),
        sure=is_checked,
    ),
    token(
        "npmrc-auth-token",
        r"_authToken=(?:[0-9a-f]{8}-[0-9a-f-]{27}|[A-Za-z0-9+/_-]{32,90}={0,2})",
        "Token in an .npmrc file",
        ("//registry.npmjs.org/:_authToken=" + "-".join(hexes(n) for n in (8, 4, 4, 4, 12)),),
        ("//registry.npmjs.org/:_authToken=${NPM_TOKEN}",),
    ),
    token(
        "pypi-token",
        r"pypi-AgE[A-Za-z0-9_-]{50,}",
        "PyPI upload token",
        ("pypi-AgEIcHlwaS5vcmc" + letters(120),),
        ("pypi-AgE", "pypi-server-" + letters(60)),
        sure=is_macaroon,
    ),
    token(
        "rubygems-key", r"rubygems_[0-9a-f]{48}\b", "RubyGems key", ("rubygems_" + hexes(48),), ("rubygems_version",)
    ),
    token(
        "dockerhub-token",
        r"dckr_(?:pat|oat)_[A-Za-z0-9_-]{27,32}",
        "Docker Hub token",
        ("dckr_pat_" + letters(27),),
        ("dckr_pat_x",),
    ),
    token(
        "crates-io-token", r"cio[A-Za-z0-9]{32}\b", "crates.io token", ("cio" + letters(32),), ("cio" + letters(12),)
    ),
    token(
        "clojars-token",
        r"CLOJARS_[a-z0-9]{60}\b",
        "Clojars deploy token",
        ("CLOJARS_" + hexes(60),),
        ("CLOJARS_USERNAME",),
    ),
    token("nuget-key", r"oy2[a-z0-9]{43}\b", "NuGet key", ("oy2" + hexes(43),), ("oy2abc",)),
    token(
        "artifactory-key",
        r"(?:AKCp[A-Za-z0-9]{69}|cmVmd[A-Za-z0-9]{59})\b",
        "JFrog Artifactory key or reference token",
        ("AKCp" + letters(69), "cmVmd" + letters(59)),
        ("AKCp" + letters(9),),
    ),
    token(
        "snyk-token",
        r"snyk_[us]at\.[0-9a-f]{8}\.[A-Za-z0-9_.-]{40,300}",
        "Snyk token",
        ("snyk_uat." + hexes(8) + "." + letters(60),),
        ("snyk_uat.x",),
    ),
    named(
        "snyk-token-named",
        r"snyk",
        r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}",
        "Snyk token of the older form beside its name",
        ("SNYK_TOKEN=" + uuid(),),
        ("SNYK_ORG=x",),
    ),
    token(
        "sourcegraph-token",
        r"sgp_(?:(?:[0-9a-f]{16}|local)_)?[0-9a-f]{40}\b",
        "Sourcegraph token",
        ("sgp_" + hexes(16) + "_" + hexes(40), "sgp_" + hexes(40)),
        ("sgp_x",),
    ),
    token(
        "open-vsx-token",
        r"ovsx(?:p|at)_[0-9a-f]{8}-[0-9a-f-]{27}\b",
        "Open VSX token",
        ("ovsxp_" + uuid(),),
        ("ovsxp_x",),
    ),
    token("scalingo-token", r"tk-us-[A-Za-z0-9_-]{48}\b", "Scalingo token", ("tk-us-" + letters(48),), ("tk-us-x",)),
    token("readme-key", r"rdme_[a-z0-9]{70}\b", "ReadMe key", ("rdme_" + hexes(70),), ("rdme_x",)),
    token(
        "npmrc-password",
        r"(?:_auth|_password)\s{0,2}=\s{0,2}[\"']?[A-Za-z0-9+/]{8,200}={0,2}",
        "Login or password in an .npmrc file",
        ("//registry.acme.io/:_password=" + letters(16), "_auth=" + letters(24) + "=="),
        ("_auth=${NPM_AUTH}", "basic_auth=true"),
        check=is_npmrc,
    ),
    named(
        "codecov-token",
        r"codecov",
        r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}",
        "Codecov token beside its name",
        ("CODECOV_TOKEN=" + uuid(),),
        ("CODECOV_URL=x",),
    ),
    named(
        "jenkins-token",
        r"jenkins",
        r"11[0-9a-f]{32}",
        "Jenkins token beside its name",
        ("JENKINS_TOKEN=11" + hexes(32),),
        ("JENKINS_URL=x",),
    ),
)
