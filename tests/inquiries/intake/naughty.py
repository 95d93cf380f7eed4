"""Strings that break forms, grouped by kind, from what people paste and attackers try."""

NAUGHTY = [
    # Nothing, and what means nothing elsewhere.
    *("", " ", "\t", "\n", "\r\n", "undefined", "null", "NULL", "None", "nil", "NaN", "-1", "0"),
    *("true", "false", "[]", "{}", "()", "\\", "\\\\", "/", "//", "'", '"', "`", "''", '""'),
    # Invalid or very large numbers.
    *("1/0", "1e1000", "-1e-1000", "0x0", "٠١٢٣", "１２３", "½", "²", "∞", "9" * 400, "1,000.00"),
    # Control characters, alone and inside words.
    *(chr(code) for code in (0, 1, 7, 8, 11, 12, 27, 31, 127, 133, 159)),
    *("a\x00b", "a\x1b[31mred\x1b[0m", "a\u2028b\u2029c", "\ufeffbom", "\ufffe", "\uffff"),
    *("soft\u00adhyphen", "no\u00a0break", "zero\u200bwidth", "join\u200der", "\u2060", "\u3000"),
    # Right-to-left text, and reversed text.
    *("\u202etxet", "\u2066a\u2069", "\u200fשלום", "مرحبا بالعالم", "\u202a\u202b\u202c"),
    # Scripts, accents, symbols.
    *("Ænima Ø ß Ł ı İ ﬀ ǆ", "Ñandú Çelik Şükrü", "Ελένη Δ", "Анна Ёж", "田中さん", "김하나"),
    *("ไทย ไม่มีเว้นวรรค", "हिन्दी नमस्ते", "தமிழ்", "አማርኛ", "😀 👩🏽‍⚕️ 🏳️‍🌈 🇪🇸", "👨‍👩‍👧‍👦" * 20),
    *("Z\u0351\u036b\u0343a\u0322\u0330l\u0321g\u0353o\u0330" * 5, "\U0001d4d0\U0001f130"),
    "e" + "\u0301" * 300,
    # Lone surrogates, as a form encodes them.
    *("\ud800", "\udfff", "a\udc00b", "\udbff\udbff"),
    # Markup and scripts.
    *("<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "</textarea><script>x</script>"),
    *("\"><svg onload=alert(1)>", "' onfocus='alert(1)' autofocus='", "javascript:alert(1)"),
    *("<!--", "-->", "<![CDATA[", "]]>", "&lt;b&gt;", "&#x3C;", "&#0;", "&nbsp;", "<a href='//x'>"),
    *("</title><script>x</script>", "<style>*{display:none}</style>", "<iframe src=//x.example>"),
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    # Templates, formats, expressions.
    *("{{ 7777*7777 }}", "${7777*7777}", "#{7777*7777}", "<%= 7777*7777 %>", "{0}"),
    *("{% load x %}", "{% endautoescape %}"),
    *("%s%s%s%n", "%d", "%(name)s", "%x" * 50, "{0.__class__}", "$HOME", "`id`", "$(id)"),
    # Databases.
    *("' OR 1=1 --", "'; DROP TABLE inquiries_inquiry; --", '" OR ""="', "1 UNION SELECT 1", "%"),
    *("_%_", "\\'; --", "admin'/*", "'||'x", "a' AND (SELECT 1)='1"),
    # Files, commands, hosts.
    *("../../../../etc/passwd", "..\\..\\win.ini", "file:///etc/passwd", "C:\\con", "CON", "; ls"),
    *("| cat /etc/passwd", "&& id", "http://169.254.169.254/", "\\\\host\\share"),
    # Headers and email.
    *("a\r\nBcc: all@example.org", "a\nSet-Cookie: x=1", "a%0d%0aX: y", "=?utf-8?q?=0aBcc:?="),
    *("ana@example.org\r\nSubject: x", "<ana@example.org>", '"a b"@example.org', "a@b"),
    *("ana@exämple.org", "ana@[127.0.0.1]", "a" * 65 + "@example.org", "ana@-example.org"),
    # Formulas, JSON, XML, documents.
    *("=1+1", "=cmd|' /C calc'!A0", "+1", "-1", "@SUM(1)", '{"a": 1}', "[1,2", "<?xml?>"),
    '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>',
    # Long or deeply nested.
    *("x" * 4999, "x" * 5001, "x" * 20000, "(" * 3000, "a " * 2000, "\n" * 3000, "é" * 5000),
]  # fmt: skip
