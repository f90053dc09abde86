"""Character classes of the twitter-text grammar, each the inside of a regular expression's `[...]`.

They are data, kept apart from the rules that use them; the web app's `twitter-text` package has the same ones.
"""

SPACES = r"\x09-\x0d\x20\x85\xa0\u1680\u180e\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
DIRECTIONAL_MARKS = r"\u202a-\u202e\u061c\u200e\u200f\u2066-\u2069"
INVALID = r"\ufffe\ufeff\uffff"
# ASCII punctuation without the double quote and the backtick, which twitter-text lets pass.
PUNCTUATION = r"!'#%&()*+,\\\-./:;<=>?@\[\]^_{|}~$"

LATIN_ACCENTS = (
    r"\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u0253\u0254\u0256\u0257\u0259\u025b\u0263\u0268\u026f"
    r"\u0272\u0289\u028b\u02bb\u0300-\u036f\u1e00-\u1eff"
)
CYRILLIC = r"\u0400-\u04ff"

# Letters, marks and digits of all scripts, with the joiners that words of some scripts need; for the `regex` package.
HASHTAG_LETTER = r"\p{L}\p{M}"
HASHTAG_JOINERS = r"_\u200c\u200d\ua67e\u05be\u05f3\u05f4\uff5e\u301c\u309b\u309c\u30a0\u30fb\u3003\u0f0b\u0f0c\u00b7"
HASHTAG_CHARACTER = HASHTAG_LETTER + r"\p{Nd}" + HASHTAG_JOINERS

URL_PATH = rf"A-Za-z0-9{CYRILLIC}{LATIN_ACCENTS}!*';:=+,.$/%#\[\]\-\u2013_~@|&"
URL_QUERY = r"A-Za-z0-9!?*'@();:&=+$/%#\[\]\-_.,~|"
# What a path or a query may contain but not end with.
URL_PATH_TRAILING = "!*';:,.$%[]\u2013~@|&"
URL_QUERY_TRAILING = "!?*'@();:+$%[].,~|"
