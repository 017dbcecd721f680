using Strata.Compiler.Diagnostics;

namespace Strata.Compiler.Templating.Syntax;

/// <summary>What a loop knows about itself: <c>for.index</c>, <c>while.first</c> and so on.</summary>
internal static class LoopVariables
{
    private static readonly string[] s_while = ["index", "first", "even", "odd"];

    private static readonly string[] s_for =
    [
        "index",
        "rindex",
        "first",
        "last",
        "even",
        "odd",
        "changed",
        "length",
    ];

    private static readonly string[] s_tableRow = [.. s_for, "col"];

    public static string[] NamesOf(string loop) =>
        loop switch
        {
            "while" => s_while,
            "tablerow" => s_tableRow,
            _ => s_for,
        };
}
