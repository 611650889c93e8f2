"""The world's numbering plan: how many digits follow which country code.

Country codes are those of ITU-T E.164; the least and most digits of fixed, mobile, internet, personal and toll-free
numbers were taken from the metadata of libphonenumber 9.0.42 (Apache-2.0).
"""

from functools import cache

_PLAN = (
    (5, 5, "247 290 500 682"),
    (5, 7, "676 677 678 688 690"),
    (5, 8, "686"),
    (5, 9, "27"),
    (5, 10, "358 685"),
    (5, 11, "352"),
    (5, 12, "971"),
    (5, 13, "43"),
    (5, 14, "82"),
    (5, 15, "49"),
    (6, 6, "298 299 672 687"),
    (6, 7, "597"),
    (6, 8, "386"),
    (6, 9, "40 46 252 376 421 508 681"),
    (6, 10, "53 95 98 880"),
    (6, 11, "375"),
    (6, 12, "39 359 381"),
    (6, 13, "63 598"),
    (7, 7, "238 239 246 248 269 291 297 592 673 674 680 683 691 692"),
    (7, 8, "241 599 670 675 853 961 965 975"),
    (7, 9, "220 231 245 265 354 355 385 423 967 968"),
    (7, 10, "44 48 61 230 243 254 263 267 353 372 960"),
    (7, 11, "31 501 503 507 595 679 974"),
    (7, 12, "86 882 972"),
    (7, 17, "62"),
    (8, 8, "45 47 216 222 223 226 227 228 232 235 236 253 257 266 268 350 356 357 370 371 373 374"),
    (8, 8, "389 505 509 800 973 993"),
    (8, 9, "32 36 51 213 224 233 237 250 258 264 377 382 387 591 689 852 962 963"),
    (8, 10, "20 60 64 84 229 378 506 850 855 856 964 970 976"),
    (8, 11, "57 65 92 502 504 593 886 977"),
    (8, 12, "383 883"),
    (8, 13, "66 91"),
    (8, 17, "81"),
    (9, 9, "33 34 41 93 94 211 212 218 221 240 242 244 249 251 255 256 260 261 262 351 420 590"),
    (9, 9, "594 596 992 994 995 998"),
    (9, 10, "380 881 966 996"),
    (9, 11, "55 56"),
    (9, 12, "870"),
    (10, 10, "1 52 58 225"),
    (10, 11, "54"),
    (10, 12, "30"),
    (10, 13, "90"),
    (10, 14, "7 234"),
    (12, 12, "878"),
)
"""Least and most digits behind the code, and the codes."""
_NORTH_AMERICA = "1"


@cache
def _lengths() -> dict[str, tuple[int, int]]:
    return {code: (least, most) for least, most, codes in _PLAN for code in codes.split()}


def is_assigned(digits: str) -> bool:
    """Whether digits that begin with a country code can be a telephone number."""
    for size in (1, 2, 3):
        lengths = _lengths().get(digits[:size])
        if lengths is not None:
            rest = digits[size:]
            area_exists = digits[:size] != _NORTH_AMERICA or rest[:1] >= "2"
            return area_exists and lengths[0] <= len(rest) <= lengths[1]
    return False
