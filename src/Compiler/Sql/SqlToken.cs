namespace Strata.Compiler.Sql;

public enum SqlTokenKind
{
    /// <summary>A name or a keyword without quotes.</summary>
    Word,

    /// <summary>A name in double quotes.</summary>
    QuotedName,

    /// <summary>A string: plain, escaped (<c>E'...'</c>) or dollar-quoted.</summary>
    String,

    Number,

    /// <summary>One character of punctuation or of an operator.</summary>
    Symbol,

    /// <summary>A comment of either kind.</summary>
    Comment,

    /// <summary>A string, a name or a comment whose end is missing; it goes to the end of the text.</summary>
    Unclosed,
}

/// <summary>A piece of SQL text. Blanks between tokens are no tokens.</summary>
public readonly record struct SqlToken(SqlTokenKind Kind, int Start, int Length)
{
    public int End => Start + Length;
}
