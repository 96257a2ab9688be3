"""Takes secrets and e-mail addresses out of source text. Lines keep their numbers.

The secrets' rules are those by which the product's memory keeps them out of prompts (src/CodeComplete.Memory/Snippets/SecretRedactor.cs and
RandomText.cs). It would rather take a harmless literal than leave a secret.
"""
import math
import re

MASK = "***"
ADDRESS = "user@example.com"

# A whole literal of the letters of base64, base64url or hexadecimal.
_LONG_LITERAL = re.compile(r'(?<=")[A-Za-z0-9+/=_-]{20,}(?=\\?")')
_GUID = re.compile(r"[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}\Z")
_PRIVATE_KEY = re.compile(r'-----BEGIN[A-Z0-9 ]{0,40}PRIVATE KEY[A-Z ]{0,10}-----[A-Za-z0-9+/=\s"\\:,@$-]*')
# Issuers' own marks: AWS, GitHub, GitLab, Slack, Google, OpenAI and Stripe, npm, Hugging Face, NuGet, SendGrid, JSON web tokens.
_TOKEN = re.compile(
    r"\b(?:(?:AKIA|ASIA)[0-9A-Z]{16}|gh[pousr]_[A-Za-z0-9]{20,}|github_pat_[A-Za-z0-9_]{20,}|glpat-[A-Za-z0-9_-]{16,}"
    r"|xox[abeoprs]-[A-Za-z0-9-]{10,}|AIza[A-Za-z0-9_-]{30,}|sk-[A-Za-z0-9_-]{20,}|[sr]k_(?:live|test)_[A-Za-z0-9]{10,}"
    r"|npm_[A-Za-z0-9]{30,}|hf_[A-Za-z0-9]{30,}|oy2[a-z0-9]{43}|SG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}"
    r"|eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*)"
)
# Inside a literal only (after a quote or a separator), so that `password = Ask();` in code stays.
_CONNECTION = re.compile(
    r"""(?P<before>(?:["';?&][ \t]{0,8}|[ \t]User )(?:password|passwd|pwd|accountkey|access ?key|account ?key|sharedaccesskey"""
    r"""|shared ?access ?signature|shared ?secret|client ?secret|api ?key|sig|access_token)[ \t]{0,8}=[ \t]{0,8})(?!\{)[^;"'&\r\n]+""",
    re.I,
)
_AUTHORIZATION = re.compile(r"(?P<before>\b(?:bearer|basic)[ \t]{1,4})[A-Za-z0-9._~+/=-]{16,}", re.I)
_URL_PASSWORD = re.compile(r"""(?P<before>://[^\s/:@"'{}]{1,200}:)[^\s/@"'{}]+(?=@)""")
# password = "...", ApiKey: "...", ["ClientSecret"] = "...". A text with blanks in it is a message, no secret.
_NAMED_LITERAL = re.compile(
    r"(?P<before>(?:password|passwd|pwd|secret|api[_-]?key|access[_-]?key|account[_-]?key|private[_-]?key|signing[_-]?key"
    r"""|encryption[_-]?key|token|credential)\w{0,40}[\\"'\]\)]{0,4}[ \t]{0,40}(?:=>|=|:|,)\s{0,40}[$@]{0,2}\\?"{1,3})[^\s"]{4,}?(?=\\?")""",
    re.I,
)
_ADDRESS = re.compile(r"[A-Za-z0-9][A-Za-z0-9._%+-]*@(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z]{2,24}\b")
_NOBODYS = re.compile(r"@(?:[\w-]+\.)*(?:example|test|invalid|localhost)(?:\.(?:com|net|org))?$", re.I)


def redact(text):
    """(text without secrets and addresses, how many secrets, how many addresses)."""
    secrets = addresses = 0

    def masked(match):
        nonlocal secrets
        secrets += 1
        return match.groupdict().get("before", "") + MASK + "\n" * match.group()[len(match.groupdict().get("before", "")) :].count("\n")

    def random_only(match):
        return masked(match) if is_random(match.group()) else match.group()

    def address(match):
        nonlocal addresses
        if _NOBODYS.search(match.group()):
            return match.group()
        addresses += 1
        return ADDRESS

    text = _LONG_LITERAL.sub(random_only, text)
    for pattern in (_PRIVATE_KEY, _TOKEN, _CONNECTION, _AUTHORIZATION, _URL_PASSWORD, _NAMED_LITERAL):
        text = pattern.sub(masked, text)
    if "@" in text:
        text = _ADDRESS.sub(address, text)
    return text, secrets, addresses


def is_random(literal):
    """Is a literal of at least twenty letters a key rather than a name? Random letters are spread evenly and change their kind often."""
    if _GUID.match(literal):
        return False
    upper, lower, digit = (any(a <= c <= z for c in literal) for a, z in ("AZ", "az", "09"))
    if all(c in "0123456789abcdefABCDEF" for c in literal):
        return len(literal) >= 32 and digit and (upper or lower) and entropy(literal) >= 3
    kinds = [0 if c.isdigit() else 1 if c.isupper() else 2 if c.islower() else 3 for c in literal]
    changes = sum(a != b for a, b in zip(kinds, kinds[1:]))
    return upper and lower and digit and entropy(literal) >= 3.7 and changes >= 0.42 * (len(literal) - 1)


def entropy(text):
    """Shannon's, of the letters taken one by one, in bits."""
    shares = [text.count(c) / len(text) for c in set(text)]
    return -sum(s * math.log2(s) for s in shares)
