"""Finds what g++ 12 makes wrong code of in the full expression of a co_await: braces and capturing lambdas, which it
destroys twice, and a co_await that depends on &&, || or ?:.

g++ 12.2 runs the destructor of an aggregate twice when it is initialised (`T{..}`, `T{}`, `{..}`) anywhere in a
full expression that suspends, even as a named variable whose braces hold the co_await; the same goes for
a lambda with captures. Types with constructors are safe, but no one sees that at the call, so braces are
refused for all of them: `T()`, `T(..)` or a named local say the same.

Of `while (!now()) if (a || !co_await b()) co_return false;` it made a loop that returned at once.
"""

import re

import cpp_text
import lint

TOKEN = re.compile(r'[A-Za-z_]\w*|"[^"]*"|[0-9][\w.\']*|::|->|[^\s\w]')
OPEN = {"(": ")", "[": "]", "{": "}"}
BRACES = "braces in a co_await expression: g++ 12 destroys aggregates twice; name a local or use T(..)"
CAPTURES = "lambda with captures in a co_await expression: g++ 12 destroys it twice; name it and std::move it"
CONDITIONAL = "co_await behind &&, || or ?, of which g++ 12 has made wrong code; await it in a statement of its own"


class source:
    """Tokens, each bracket's partner and each token's innermost bracket."""

    def __init__(self, text):
        matches = list(TOKEN.finditer(cpp_text.blanked(text)))
        self.text = text
        self.tokens = [match.group(0) for match in matches]
        self.offsets = [match.start() for match in matches]
        self.partner = {}
        self.parent = []
        stack = []
        for index, token in enumerate(self.tokens):
            if token in OPEN.values() and stack and OPEN[self.tokens[stack[-1]]] == token:
                self.partner[stack[-1]] = index
                self.partner[index] = stack.pop()
            self.parent.append(stack[-1] if stack else None)
            if token in OPEN:
                stack.append(index)

    def token(self, index):
        return self.tokens[index] if 0 <= index < len(self.tokens) else ""

    def is_lambda(self, index):
        """Whether the [ at `index` introduces a lambda and does not subscript."""
        before = self.token(index - 1)
        named = index - 1
        while self.token(named) == "&":
            named -= 1
        return self.tokens[index] == "[" and not (
            before in (")", "]", "[")
            or self.token(named) == "auto"
            or before.startswith('"')
            or self.token(index + 1) == "["
            or (re.match(r"[A-Za-z_]\w*$", before) and before not in ("return", "co_return", "co_await", "co_yield"))
        )

    def lambda_body(self, index):
        """The { of the lambda whose [ is at `index`."""
        at = self.partner.get(index, index) + 1
        while at < len(self.tokens) and self.tokens[at] not in ("{", ";"):
            at = self.partner.get(at, at) + 1 if self.tokens[at] in OPEN else at + 1
        return at

    def is_block(self, index):
        """Whether the { at `index` holds statements or declarations and not initialisers."""
        before = self.token(index - 1)
        if before in ("", ";", "{", "}", ":", "else", "do", "try", "const", "noexcept", "override", "final", "mutable"):
            # `return cond ? T : {` is no C++; a { inside a braced list is an initialiser of its own.
            outer = self.parent[index]
            return before != "{" or outer is None or self.is_block(outer)
        if before in ("=", ",", "(", "return", "co_return", "co_yield", "co_await", "]"):
            return index in self.bodies
        if before == ")":
            return index in self.bodies or self.is_control_or_function(self.partner.get(index - 1))
        return index in self.bodies or self.is_definition(index)

    def is_control_or_function(self, opening):
        """`) {` opens a block, unless the parentheses are `decltype(..)`, which names a type."""
        return opening is not None and self.token(opening - 1) != "decltype"

    def is_definition(self, index):
        """Whether `class x : base {`, `namespace a {`, `enum class e : int {` or `-> type {` stands before the {."""
        at = index - 1
        while at >= 0 and self.tokens[at] not in (";", "{", "}", "(", ","):
            if self.tokens[at] in ("class", "struct", "union", "enum", "namespace", "extern", "concept", "requires"):
                return True
            if self.tokens[at] == "->":
                return self.token(at - 1) in (")", "]", "noexcept", "mutable", "const")
            at = self.partner.get(at, at) - 1 if self.tokens[at] in (")", "]") else at - 1
        return False

    def is_conditional(self, index):
        """Whether the co_await at `index` stands behind &&, || or ? in its full expression."""
        at, _ = self.full_expression(index)
        while at < index:
            token = self.tokens[at]
            if token == "?" or (token in ("&", "|") and self.token(at + 1) == token and self.token(at - 1) != "auto"):
                return True
            # What is complete before the co_await begins decides nothing.
            at = self.partner[at] + 1 if token in OPEN and self.partner.get(at, index) < index else at + 1
        return False

    def find_bodies(self):
        self.bodies = {
            self.lambda_body(index) for index, token in enumerate(self.tokens) if token == "[" and self.is_lambda(index)
        }

    def full_expression(self, index):
        """The first and one past the last token of the full expression that holds the token at `index`."""
        inner = index
        outer = self.parent[index]
        while outer is not None and not self.ends_expression(outer):
            inner, outer = outer, self.parent[outer]
        first = inner
        while first - 1 > (-1 if outer is None else outer):
            before = first - 1
            if self.tokens[before] == ";":
                break
            if self.tokens[before] in (")", "]", "}"):
                opening = self.partner.get(before)
                if opening is None or (self.ends_expression(opening) and opening not in self.bodies):
                    break
                before = opening
            first = before
        last = inner
        while last < len(self.tokens) and self.tokens[last] not in (";", ")", "]", "}"):
            if self.tokens[last] in OPEN:
                if self.tokens[last] == "{" and self.is_block(last) and last not in self.bodies:
                    break
                last = self.partner.get(last, len(self.tokens))
            last += 1
        return first, last

    def ends_expression(self, opening):
        """Whether what the bracket holds are full expressions of their own."""
        if self.tokens[opening] == "{":
            return self.is_block(opening)
        before = self.token(opening - 1)
        return self.tokens[opening] == "(" and (
            before in ("if", "while", "for", "switch")
            or (before == "constexpr" and self.token(opening - 2) == "if")
        )

    def findings(self, first, last):
        """Lines and messages of the temporaries between two tokens, not of those inside lambda bodies."""
        index = first
        while index < last:
            token = self.tokens[index]
            if token == "[" and self.is_lambda(index):
                if self.partner.get(index) != index + 1:
                    yield self.offsets[index], CAPTURES
                body = self.lambda_body(index)
                index = self.partner.get(body, body)
            elif token == "{":
                yield self.offsets[index], BRACES
            index += 1


def check(path, text):
    code = source(text)
    code.find_bodies()
    found = set()
    for index, token in enumerate(code.tokens):
        if token == "co_await":
            found.update(code.findings(*code.full_expression(index)))
            if code.is_conditional(index):
                found.add((code.offsets[index], CONDITIONAL))
    return sorted((cpp_text.line_of(text, offset), message) for offset, message in found)


BAD = [
    "co_await f({.a = 1});",
    "co_await f(params{1});",
    "co_await f(params{});",
    "auto r = co_await f(a, {\"x\", \"y\"});",
    "co_await f(ns::params<int>{1});",
    "co_await f(decltype(p){1});",
    "if (auto r = co_await f(params{a}); !r) { return; }",
    "while (auto item = co_await next(params{1})) { use(*item); }",
    "for (;;) { co_await f(g(h(params{1}))); }",
    "co_return co_await f(params{1});",
    "co_return params{co_await f(), 1};",
    "params p{co_await f(), 1};",
    "auto p = params{.name = co_await f()};",
    "use(params{1}, co_await f());",
    "use(co_await f(), params{1});",
    "use(params{1}) + co_await f();",
    "p = params{co_await f()};",
    "use(co_await f(), x ? a : params{1});",
    "co_await co_spawn(ex, [x] { return 1; }, use_awaitable);",
    "co_await co_spawn(ex, [&]() -> awaitable<void> { co_return; }, use_awaitable);",
    "co_await f([this](int a) mutable noexcept { return a; });",
    "auto l = [=]() -> awaitable<void> { co_await f(params{1}); };",
    "auto x = (co_await f(params{1})).value();",
    "switch (co_await f(params{1})) { default: break; }",
    "do { g(); } while (co_await f(params{1}));",
    "for (;;) co_await f(params{1});",
    "co_await [x]() -> awaitable<void> { co_return; }();",
    "auto& [a, b] = co_await f(params{1});",
    "if (a || !co_await f()) { return; }",
    "bool r = a && (co_await f());",
    "if (a && g(co_await f()) == 1) { return; }",
    "bool r = a || x == co_await f();",
    "auto r = a ? b : co_await f();",
]
GOOD = [
    "auto&& r = co_await f();",
    "bool r = co_await f() && a;",
    "if (a && b) co_await f(c || d);",
    "bool r = g(a && b) + co_await f();",
    "while (a ? b : c) { co_await f(); }",
    "co_await f(params());",
    "co_await f(a[1], b[i + 1]);",
    "co_await f(std::move(p));",
    "params p{1}; co_await f(std::move(p));",
    "params p; { p = params{2}; } co_await f(p);",
    "co_await co_spawn(ex, [](params p) -> awaitable<void> { params q{1}; co_return; }(p), use_awaitable);",
    "auto l = [x]() -> awaitable<void> { co_await f(x); }; co_await l();",
    "if (co_await f()) { params p{1}; } else { params q{2}; }",
    "for (auto& x : co_await f()) { params p{1}; }",
    "while (auto item = co_await b.next()) { handle(params{*item}); }",
    "if (x) { y = {1}; } co_await f();",
    "if constexpr (v) { z(params{1}); } co_await f();",
    "// co_await f({1})\nauto s = \"co_await f({1})\"; auto r = R\"(co_await f({1}))\";",
    "switch (x) { case a: co_await f(); } use(params{1});",
    "try { co_await f(); } catch (error const& e) { use(params{1}); }",
    "auto n = 1'000; co_await f('{', '}', n);",
    "do { co_await f(); } while (use(params{1}));",
    "for (auto x : std::vector<int>{1, 2}) co_await f(x);",
    "if (auto p = params{1}; p) co_await f(); else co_await g();",
    "auto&& [a, b] = co_await f(); [[maybe_unused]] auto [c, d] = co_await f();",
    "params p{1}, q{2}; co_await f(p, q);",
]


def sample(body):
    """The body in a coroutine of a class, with code around it that must not matter."""
    return (
        "namespace a { struct agg : base { int i = {0}; enum class e : int { x, y }; };\n"
        "awaitable<void> c::run(params p) : p_{p}, q_(1) { auto v = std::vector<int>{1, 2};\n"
        + body
        + "\nuse(agg{1}); std::sort(v.begin(), v.end(), [&](auto a, auto b) { return a < b; }); } }\n"
    )


SAMPLES = [("src/io/a.cpp", sample(body), [3]) for body in BAD] + [("src/io/a.cpp", sample(body), []) for body in GOOD]

if __name__ == "__main__":
    lint.main(check, SAMPLES, cpp_text.cpp_files)
