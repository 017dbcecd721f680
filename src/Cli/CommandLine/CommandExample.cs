namespace Strata.Cli.CommandLine;

/// <summary>A command line that somebody would really type, and what it is for.</summary>
public sealed record CommandExample(string CommandLine, string Purpose);
