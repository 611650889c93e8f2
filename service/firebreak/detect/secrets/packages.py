"""Registries of packages and images: npm, PyPI, RubyGems, Docker Hub and others."""

from firebreak.detect.secrets.form import hexes, letters, token

RULES = (
    token("npm-token", r"npm_[A-Za-z0-9]{36}\b", "npm token", ("npm_" + letters(36),), ("npm_config_registry",)),
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
)
