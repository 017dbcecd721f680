using Strata.Compiler.Diagnostics;

namespace Strata.Compiler.Templating.Syntax;

/// <param name="Extra">For <see cref="TokenKind.CodeEnter"/>: how many blanks before it make up the indent; for <see cref="TokenKind.Raw"/>: 1 in an escape block.</param>
internal readonly record struct Token(TokenKind Kind, int Start, int End, int Extra = 0)
{
    public int Length => End - Start;
}
