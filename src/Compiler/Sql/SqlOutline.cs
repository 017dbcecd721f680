namespace Strata.Compiler.Sql;

/// <summary>The outside of a SQL text.</summary>
/// <param name="Start">Where the first token stands that is not a comment, or -1.</param>
/// <param name="Semicolon">Where the first semicolon stands, or -1.</param>
/// <param name="HasMore">Whether another statement begins behind it.</param>
/// <param name="Unclosed">The string, quoted name or comment that is not closed.</param>
public readonly record struct SqlOutline(int Start, int Semicolon, bool HasMore, SqlToken? Unclosed);
